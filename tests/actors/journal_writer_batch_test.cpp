#include "actors/journal_fixture.hpp"

namespace event_relay {
namespace {

using strings = std::vector<std::string>;
constexpr auto epoch = test::memory_journal::first_epoch;

// What one publisher has sent as one: stored as a whole, whatever else waits.
class JournalWriterBatch : public test::journal_fixture {
 protected:
  event_id last(std::size_t index) const { return (*answers.at(index))->last; }
};

TEST_F(JournalWriterBatch, IsStoredAtConsecutivePositions) {
  start_writer();
  publish("0");
  publish_batch({"1", "2", "3"});
  publish("4");
  work();
  EXPECT_EQ(in_journal(), (strings{"1:0", "2:1", "3:2", "4:3", "5:4"}));
  EXPECT_EQ(stored(1), (event_id{epoch, 2}));
  EXPECT_EQ(last(1), (event_id{epoch, 4}));
  EXPECT_EQ(stored(2), (event_id{epoch, 5}));
  EXPECT_EQ(counted.commits, 1u);
  EXPECT_EQ(counted.events_published, 5u);
}

TEST_F(JournalWriterBatch, IsNotDividedByTheLimitsOfACommit) {
  configuration.publish.max_batch_events = 2;
  configuration.publish.max_batch_bytes = 3;
  start_writer();
  publish("0");
  publish_batch({"1", "2", "3", "4", "5"});
  publish("6");
  work();
  EXPECT_EQ(counted.commits, 2u);
  EXPECT_EQ(last(1).position - stored(1).position, 4u);
  EXPECT_EQ(stored(2).position, 7u);
}

TEST_F(JournalWriterBatch, RepeatedWithItsKeyGetsItsFirstAnswer) {
  start_writer();
  publish_batch({"1", "2"}, "key");
  publish("between");
  publish_batch({"1", "2"}, "key");
  work();
  EXPECT_EQ(stored(0), stored(2));
  EXPECT_EQ(last(0), last(2));
  EXPECT_FALSE((*answers[0])->duplicate);
  EXPECT_TRUE((*answers[2])->duplicate);
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:2", "3:between"}));
  EXPECT_EQ(counted.events_duplicate, 2u);
}

TEST_F(JournalWriterBatch, WithAKeyOfAnotherBatchIsRefusedWhole) {
  start_writer();
  publish_batch({"1", "2"}, "key");
  publish_batch({"1", "other"}, "key");
  publish_batch({"1", "2", "one more"}, "key");
  publish("after");
  work();
  EXPECT_EQ(refused(1), errc::idempotency_key_reused);
  EXPECT_EQ(refused(2), errc::idempotency_key_reused);
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:2", "3:after"}));
}

TEST_F(JournalWriterBatch, WithKeysHoldsNobodyElseBack) {
  start_writer();
  publish("0");
  publish_batch({"1", "2"}, "key");
  publish("3");
  publish_batch({"4", "5"});
  work();
  EXPECT_EQ(in_journal(), (strings{"1:0", "2:1", "3:2", "4:3", "5:4", "6:5"}));
  EXPECT_EQ(counted.commits, 3u);
}

TEST_F(JournalWriterBatch, CutOffInItsCommitIsStoredOnce) {
  configuration.publish.in_doubt_timeout = std::chrono::milliseconds(1'000);
  start_writer();
  journal.lose_next_commit_answer();
  publish_batch({"1", "2"}, "key");
  work();
  EXPECT_EQ(stored(0), (event_id{epoch, 1}));
  EXPECT_EQ(last(0), (event_id{epoch, 2}));
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:2"}));
}

}  // namespace
}  // namespace event_relay
