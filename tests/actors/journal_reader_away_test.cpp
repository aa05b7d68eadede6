#include "actors/reader_fixture.hpp"

namespace event_relay {
namespace {

constexpr auto epoch = test::memory_journal::first_epoch;

// One event, fresh bounds, and what a reader does while it has no connection.
class JournalReaderAway : public test::reader_fixture {};

TEST_F(JournalReaderAway, WhileTheJournalIsAwayTheSubscriberWaits) {
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

TEST_F(JournalReaderAway, BeforeTheJournalIsPreparedTheSubscriberWaits) {
  store(6);
  EXPECT_FALSE(page(0));
  open();
  work();
  EXPECT_EQ(to_subscriber.got.size(), 1u);
}

TEST_F(JournalReaderAway, ANewEpochEmptiesWhatItKept) {
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

TEST_F(JournalReaderAway, FindsOneEvent) {
  open();
  store_elsewhere("1");
  const auto found = find(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->data, "1");
  EXPECT_EQ(found->id, (event_id{epoch, 1}));
}

TEST_F(JournalReaderAway, TellsAnEventThatIsGoneFromOneThatNeverWas) {
  open();
  store(5);
  journal.remove_up_to(3);
  EXPECT_EQ(find(3).error(), errc::event_expired);
  EXPECT_TRUE(find(4));
  EXPECT_EQ(find(6).error(), errc::event_not_found);
}

TEST_F(JournalReaderAway, WithoutAJournalItFindsNothingAtOnce) {
  open();
  store(1);
  journal.go_away();
  EXPECT_EQ(find(1).error(), errc::journal_unavailable);
  EXPECT_EQ(bounds().error(), errc::journal_unavailable);
}

TEST_F(JournalReaderAway, TellsFreshBounds) {
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

TEST_F(JournalReaderAway, StoppedItAsksNobodyToWaitAnyLonger) {
  open();
  journal.go_away();
  other.reset();
  caf::anon_send(context.readers.front(), page_atom::value, position_t{0}, false, subscriber);
  work();
  context.stopping.stop();
  run();
  EXPECT_TRUE(to_subscriber.got.empty());
}

}  // namespace
}  // namespace event_relay
