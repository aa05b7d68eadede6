#include "actors/journal_fixture.hpp"

namespace event_relay {
namespace {

constexpr auto epoch = test::memory_journal::first_epoch;
using pages = std::vector<replay_page_ptr>;

struct received {
  pages got;
  std::vector<bounds_ptr> bounds;
};

/// Stands where a connection handler would.
connection_handler_actor::behavior_type keep_what_comes(connection_handler_actor::pointer self, received* kept) {
  return {
      [](advanced_atom, epoch_t, position_t) {},
      [](go_on_atom) {},
      [](writable_atom) {},
      [](peer_gone_atom, bool) {},
      [](turn_atom, turn) {},
      [kept](page_atom, const replay_page_ptr& page) { kept->got.push_back(page); },
      [kept](bounds_atom, const bounds_ptr& bounds) { kept->bounds.push_back(bounds); },
      [self](stop_atom, close_reason) { self->quit(); },
  };
}

class JournalReader : public test::journal_fixture {
 protected:
  JournalReader() {
    configuration.journal.page_events = 4;
    subscriber = system.spawn(keep_what_comes, &to_subscriber);
    start_reader();
  }
  void release() override {
    caf::anon_send(subscriber, stop_atom::value, close_reason::forced);
    subscriber = connection_handler_actor();
    to_subscriber.got.clear();
    journal_fixture::release();
  }
  void store(int events) {
    for (int i = 0; i < events; ++i) store_elsewhere("event");
  }
  /// The page after `position`; null if none came.
  replay_page_ptr page(position_t after) {
    to_subscriber.got.clear();
    caf::anon_send(context.readers.front(), page_atom::value, after, subscriber);
    work();
    return to_subscriber.got.empty() ? nullptr : to_subscriber.got.front();
  }
  result<stored_event> find(position_t position) {
    result<stored_event> found = errc::internal;
    auto done = std::make_shared<completion<stored_event>>([&](auto answer) { found = std::move(answer); });
    caf::anon_send(context.readers.front(), find_atom::value, position, std::move(done));
    work();
    return found;
  }
  result<journal_bounds> bounds() {
    result<journal_bounds> found = errc::internal;
    auto done = std::make_shared<completion<journal_bounds>>([&](auto answer) { found = std::move(answer); });
    caf::anon_send(context.readers.front(), bounds_atom::value, std::move(done));
    work();
    return found;
  }

  received to_subscriber;
  connection_handler_actor subscriber;
};

TEST_F(JournalReader, ReadsAPageThatFollowsThePosition) {
  open();
  store(10);
  work();
  const auto read = page(4);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epoch, epoch);
  EXPECT_EQ(read->removed_up_to, 0u);
  EXPECT_EQ(read->events->first(), 5u);
  EXPECT_EQ(read->events->last(), 8u);
  EXPECT_EQ(read->events->frame(0), "data: event\nid: 4711-5\n\n");
}

TEST_F(JournalReader, EndsPagesWhereOthersEndThemToo) {
  open();
  store(10);
  work();
  EXPECT_EQ(page(1)->events->last(), 4u);
  EXPECT_EQ(page(3)->events->last(), 4u);
  EXPECT_EQ(page(8)->events->last(), 10u);
}

TEST_F(JournalReader, EndsAPageAtItsBytesButGivesOneEvent) {
  configuration.journal.page_bytes = 100;
  open();
  store_elsewhere(std::string(1'000, 'x'));
  store_elsewhere(std::string(60, 'x'));
  store_elsewhere(std::string(60, 'x'));
  work();
  EXPECT_EQ(page(0)->events->size(), 1u);
  EXPECT_EQ(page(1)->events->size(), 1u);
}

TEST_F(JournalReader, KeepsPagesOfThePast) {
  open();
  store(10);
  work();
  const auto first = page(0);
  EXPECT_EQ(page(0), first);
  EXPECT_EQ(counted.replay_pages, 1u);
  EXPECT_EQ(counted.replay_page_hits, 1u);
}

TEST_F(JournalReader, DoesNotKeepThePageThatMayGrow) {
  open();
  store(6);
  work();
  EXPECT_EQ(page(4)->events->last(), 6u);
  store(1);
  work();
  EXPECT_EQ(page(4)->events->last(), 7u);
  EXPECT_EQ(counted.replay_page_hits, 0u);
}

TEST_F(JournalReader, KeepsSomePagesOnlyAndCountsTheirMemory) {
  open();
  store(100);
  work();
  for (position_t after = 0; after < 96; after += 4) page(after);
  to_subscriber.got.clear();
  page(92);
  EXPECT_EQ(counted.replay_page_hits, 1u);
  page(0);
  EXPECT_EQ(counted.replay_page_hits, 1u);
  to_subscriber.got.clear();
  EXPECT_GT(counted.replay_bytes_held, 0);
  EXPECT_LT(counted.replay_bytes_held, 20'000);
}

TEST_F(JournalReader, SaysWhatRetentionRemoved) {
  open();
  store(10);
  journal.remove_up_to(6);
  work();
  const auto read = page(3);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->removed_up_to, 6u);
  EXPECT_EQ(page(6)->removed_up_to, 0u);
  EXPECT_EQ(page(6)->events->first(), 7u);
}

TEST_F(JournalReader, TheOldestEventLeftIsNoGap) {
  open();
  store(10);
  journal.remove_up_to(4);
  work();
  EXPECT_EQ(page(4)->removed_up_to, 0u);
  EXPECT_EQ(page(4)->events->first(), 5u);
}

TEST_F(JournalReader, APageBehindTheHeadIsEmpty) {
  open();
  store(4);
  work();
  const auto read = page(4);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->events->size(), 0u);
  EXPECT_EQ(read->removed_up_to, 0u);
}

TEST_F(JournalReader, WhileTheJournalIsAwayTheSubscriberWaits) {
  open();
  store(6);
  work();
  journal.go_away();
  other.reset();
  EXPECT_FALSE(page(0));
  journal.come_back();
  work();
  ASSERT_EQ(to_subscriber.got.size(), 1u);
  EXPECT_EQ(to_subscriber.got.front()->events->last(), 4u);
}

TEST_F(JournalReader, BeforeTheJournalIsPreparedTheSubscriberWaits) {
  store(6);
  EXPECT_FALSE(page(0));
  open();
  work();
  EXPECT_EQ(to_subscriber.got.size(), 1u);
}

TEST_F(JournalReader, ANewEpochEmptiesWhatItKept) {
  open();
  store(6);
  work();
  page(0);
  other.reset();
  journal.go_away();
  run_some(9);
  journal.begin_new_epoch(3);
  journal.come_back();
  store_elsewhere("new");
  work();
  ASSERT_EQ(context.tail.epoch(), epoch + 1);
  const auto read = page(0);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epoch, epoch + 1);
  EXPECT_EQ(read->events->last(), 3u);
  EXPECT_EQ(read->events->frame(1), "data: event\nid: 4711-2\n\n");
  EXPECT_EQ(read->events->frame(2), "data: new\nid: 4712-3\n\n");
}

TEST_F(JournalReader, FindsOneEvent) {
  open();
  store_elsewhere("1");
  const auto found = find(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->data, "1");
  EXPECT_EQ(found->id, (event_id{epoch, 1}));
}

TEST_F(JournalReader, TellsAnEventThatIsGoneFromOneThatNeverWas) {
  open();
  store(5);
  journal.remove_up_to(3);
  EXPECT_EQ(find(3).error(), errc::event_expired);
  EXPECT_TRUE(find(4));
  EXPECT_EQ(find(6).error(), errc::event_not_found);
}

TEST_F(JournalReader, WithoutAJournalItFindsNothingAtOnce) {
  open();
  store(1);
  journal.go_away();
  EXPECT_EQ(find(1).error(), errc::journal_unavailable);
  EXPECT_EQ(bounds().error(), errc::journal_unavailable);
}

TEST_F(JournalReader, TellsFreshBounds) {
  open();
  store(5);
  const auto fresh = bounds();
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fresh->head, 5u);
  caf::anon_send(context.readers.front(), bounds_atom::value, subscriber);
  work();
  ASSERT_EQ(to_subscriber.bounds.size(), 1u);
  EXPECT_EQ(to_subscriber.bounds.front()->head, 5u);
}

TEST_F(JournalReader, StoppedItAsksNobodyToWaitAnyLonger) {
  open();
  journal.go_away();
  other.reset();
  caf::anon_send(context.readers.front(), page_atom::value, position_t{0}, subscriber);
  work();
  context.stopping.stop();
  run();
  EXPECT_TRUE(to_subscriber.got.empty());
}

}  // namespace
}  // namespace event_relay
