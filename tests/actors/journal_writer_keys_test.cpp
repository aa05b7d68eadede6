#include "actors/journal_fixture.hpp"

namespace event_relay {
namespace {

using strings = std::vector<std::string>;
using ids = std::vector<event_id>;
constexpr auto epoch = test::memory_journal::first_epoch;

// A batch whose events have keys of their own, which may be known or not, but never for another event.
class JournalWriterKeys : public test::journal_fixture {
 protected:
  const batch_receipt& receipt(std::size_t index) const { return **answers.at(index); }
};

TEST_F(JournalWriterKeys, GetsTheIdOfEachEvent) {
  start_writer();
  publish("0");
  publish_with_keys({{"1", "a"}, {"2", "b"}, {"3", "c"}});
  work();
  ASSERT_EQ(stored(1), (event_id{epoch, 2}));
  EXPECT_EQ(receipt(1).ids, (ids{{epoch, 2}, {epoch, 3}, {epoch, 4}}));
  EXPECT_EQ(receipt(1).last, (event_id{epoch, 4}));
  EXPECT_EQ(receipt(1).duplicates, 0u);
  EXPECT_FALSE(receipt(1).duplicate);
  EXPECT_EQ(counted.events_published, 4u);
}

TEST_F(JournalWriterKeys, StoresWhatIsNewBetweenWhatIsKnown) {
  start_writer();
  publish_with_keys({{"1", "a"}, {"2", "b"}});
  publish_with_keys({{"0", "new"}, {"2", "b"}, {"3", "c"}, {"1", "a"}});
  work();
  ASSERT_EQ(stored(1), (event_id{epoch, 3}));
  EXPECT_EQ(receipt(1).ids, (ids{{epoch, 3}, {epoch, 2}, {epoch, 4}, {epoch, 1}}));
  EXPECT_EQ(receipt(1).duplicates, 2u);
  EXPECT_FALSE(receipt(1).duplicate);
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:2", "3:0", "4:3"}));
  EXPECT_EQ(counted.events_published, 4u);
  EXPECT_EQ(counted.events_duplicate, 2u);
}

TEST_F(JournalWriterKeys, IsADuplicateWhenAllIsKnown) {
  start_writer();
  publish_with_keys({{"1", "a"}, {"2", "b"}});
  publish_with_keys({{"2", "b"}, {"1", "a"}});
  work();
  EXPECT_TRUE(receipt(1).duplicate);
  EXPECT_EQ(receipt(1).duplicates, 2u);
  EXPECT_EQ(receipt(1).ids, (ids{{epoch, 2}, {epoch, 1}}));
}

TEST_F(JournalWriterKeys, IsRefusedWholeWhenAKeyStandsForAnotherEvent) {
  start_writer();
  publish_with_keys({{"1", "a"}});
  publish_with_keys({{"2", "b"}, {"other", "a"}});
  publish("after");
  work();
  EXPECT_EQ(refused(1), errc::idempotency_key_reused);
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:after"}));
}

TEST_F(JournalWriterKeys, SharesItsCommitWithNobody) {
  start_writer();
  publish("0", "a");
  publish_with_keys({{"0", "a"}, {"1", "b"}});
  publish("2");
  work();
  EXPECT_EQ(counted.commits, 3u);
  EXPECT_EQ(in_journal(), (strings{"1:0", "2:1", "3:2"}));
  EXPECT_EQ(receipt(1).ids, (ids{{epoch, 1}, {epoch, 2}}));
}

TEST_F(JournalWriterKeys, ADuplicateHasTheEpochOfTheOriginal) {
  configuration.publish.in_doubt_timeout = std::chrono::seconds(60);
  start_writer();
  publish_with_keys({{"1", "a"}});
  work();
  journal.begin_new_epoch(2);
  publish_with_keys({{"1", "a"}, {"2", "b"}});
  work();
  EXPECT_EQ(receipt(1).ids, (ids{{epoch, 1}, {epoch + 1, 2}}));
  EXPECT_EQ(receipt(1).first, (event_id{epoch, 1}));
}

TEST_F(JournalWriterKeys, WhatIsKnownDoesNotComeIntoTheTailAgain) {
  start_writer();
  context.tail.restart(epoch, 0);
  publish_with_keys({{"1", "a"}});
  publish_with_keys({{"1", "a"}, {"2", "b"}});
  work();
  EXPECT_EQ(in_tail(0), "data: 1\nid: 4711-1\n\ndata: 2\nid: 4711-2\n\n");
}

TEST_F(JournalWriterKeys, OtherBatchesHaveNoIdsOfEach) {
  start_writer();
  publish_batch({"1", "2"}, "key");
  publish_batch({"3", "4"});
  work();
  EXPECT_TRUE(receipt(0).ids.empty());
  EXPECT_TRUE(receipt(1).ids.empty());
}

}  // namespace
}  // namespace event_relay
