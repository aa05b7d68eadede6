#include "actors/reader_fixture.hpp"

namespace event_relay {
namespace {

const timestamp noon(std::chrono::seconds(1'700'000'000));

// Pages with times and attributes cost more, so they are read only for those who need them.
class JournalReaderMetadata : public test::reader_fixture {
 protected:
  /// Pages have four events here.
  void open_with(int events) {
    journal.set_time(noon);
    open();
    std::vector<std::pair<std::string, std::string>> all;
    for (int i = 0; i < events; ++i) all.emplace_back("event", std::to_string(i));
    if (events > 0) publish_with_keys(std::move(all));
    work();
  }
};

TEST_F(JournalReaderMetadata, IsThereWhenItIsAskedFor) {
  open_with(6);
  const auto read = page(0, true);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->with_metadata);
  EXPECT_EQ(read->events->at(3).stored_at, noon);
  EXPECT_EQ(read->events->attributes(3), R"({"id":"theirs"})");
}

TEST_F(JournalReaderMetadata, IsNotThereOtherwise) {
  open_with(6);
  const auto read = page(0);
  EXPECT_FALSE(read->with_metadata);
  EXPECT_EQ(read->events->at(3).stored_at, timestamp());
  EXPECT_EQ(read->events->attributes(3), "");
}

TEST_F(JournalReaderMetadata, IsInTheTailThatTheWriterFeeds) {
  open_with(2);
  const auto window = context.tail.read_after(0);
  ASSERT_EQ(window.where, tail_window::place::inside);
  EXPECT_EQ(window.segments[0]->at(1).stored_at, noon);
  EXPECT_EQ(window.segments[0]->attributes(1), R"({"id":"theirs"})");
}

TEST_F(JournalReaderMetadata, IsInTheTailThatTheTailerFeeds) {
  open_with(0);
  store(2);
  work();
  EXPECT_EQ(context.tail.read_after(0).segments[0]->at(1).stored_at, noon);
}

TEST_F(JournalReaderMetadata, APageWithItServesThoseWhoNeedNone) {
  open_with(6);
  const auto with = page(0, true);
  EXPECT_EQ(page(0), with);
  EXPECT_EQ(page(0, true), with);
  EXPECT_EQ(counted.replay_pages, 1u);
  EXPECT_EQ(counted.replay_page_hits, 2u);
}

TEST_F(JournalReaderMetadata, APageWithoutItServesNobodyWhoNeedsIt) {
  open_with(6);
  page(0);
  EXPECT_TRUE(page(0, true)->with_metadata);
  EXPECT_EQ(counted.replay_page_hits, 0u);
  page(0);
  page(0, true);
  EXPECT_EQ(counted.replay_pages, 2u);
}

TEST_F(JournalReaderMetadata, WhatIsReadAheadHasItToo) {
  open_with(20);
  context.tail.restart(context.tail.epoch(), context.tail.head());
  page(0, true);
  EXPECT_EQ(counted.replay_pages, 2u);
  EXPECT_TRUE(page(4, true)->with_metadata);
  EXPECT_EQ(counted.replay_page_hits, 1u);
}

TEST_F(JournalReaderMetadata, TheFramesAreTheSame) {
  open_with(6);
  const auto without = page(0);
  const auto with = page(0, true);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(with->events->chunk(i), without->events->chunk(i));
}

class JournalReaderSettles : public JournalReaderMetadata {};

TEST_F(JournalReaderSettles, AStartByItsTime) {
  open_with(3);
  const auto start = settle({.since = noon});
  ASSERT_TRUE(start);
  EXPECT_EQ(std::get<sse::start_after>(start->start).position, 0u);
  EXPECT_EQ(std::get<sse::start_after>(settle({.since = noon + std::chrono::seconds(1)})->start).position, 3u);
}

// Somebody may ask for as many events as the journal has; others' replays must not wait until those are counted.
TEST_F(JournalReaderSettles, WithTheirPagesInBetweenForOthers) {
  constexpr int many = 2'500;
  open_with(many);
  bool found = false;
  int pages_before = -1;
  completion<settled_start> done([&](auto) {
    found = true;
    pages_before = static_cast<int>(to_subscriber.got.size());
  });
  const auto start = [&](position_t position) { return sse::start_after{test::memory_journal::first_epoch, position, ""}; };
  start_search search({.named = start(0), .came_back = start(many), .limit = many + 1});
  caf::anon_send(context.readers.front(), settle_atom::value,
                 std::make_shared<settle_request>(settle_request{std::move(search), std::move(done)}));
  caf::anon_send(context.readers.front(), page_atom::value, position_t{0}, false, subscriber);
  work();
  EXPECT_TRUE(found);
  EXPECT_EQ(pages_before, 1);
}

TEST_F(JournalReaderSettles, NothingWhileTheJournalIsAway) {
  open_with(3);
  journal.go_away();
  other.reset();
  EXPECT_EQ(settle({.since = noon}).error(), errc::journal_unavailable);
  journal.come_back();
  EXPECT_TRUE(settle({.since = noon}));
}

}  // namespace
}  // namespace event_relay
