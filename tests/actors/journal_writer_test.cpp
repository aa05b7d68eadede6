#include "actors/journal_fixture.hpp"

namespace event_relay {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;
constexpr auto epoch = test::memory_journal::first_epoch;

class JournalWriter : public test::journal_fixture {};

TEST_F(JournalWriter, PreparesTheJournalByItself) {
  start_writer();
  EXPECT_TRUE(context.status.prepared);
  EXPECT_TRUE(context.status.writable);
  EXPECT_FALSE(context.status.readable);  // that is the tailer's
  EXPECT_TRUE(context.status.id_of("reservations"));
  EXPECT_TRUE(context.status.id_of("loans"));
}

TEST_F(JournalWriter, AnswersWithTheIdAfterTheCommit) {
  start_writer();
  publish("1");
  work();
  EXPECT_EQ(stored(0), (event_id{epoch, 1}));
  EXPECT_FALSE((*answers[0])->duplicate);
  EXPECT_EQ(in_journal(), strings{"1:1"});
  EXPECT_EQ(counted.events_published, 1u);
}

TEST_F(JournalWriter, CommitsAllThatIsQueuedAtOnce) {
  start_writer();
  for (int i = 1; i <= 50; ++i) publish(std::to_string(i));
  work();
  EXPECT_EQ(counted.commits, 1u);
  for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(stored(i), (event_id{epoch, i + 1}));
}

TEST_F(JournalWriter, CommitsNoMoreEventsAtOnceThanItMay) {
  configuration.publish.max_batch_events = 10;
  start_writer();
  for (int i = 1; i <= 25; ++i) publish(std::to_string(i));
  work();
  EXPECT_EQ(counted.commits, 3u);
  for (std::size_t i = 0; i < 25; ++i) EXPECT_EQ(stored(i).position, i + 1);
}

TEST_F(JournalWriter, CommitsNoMoreBytesAtOnceThanItMay) {
  configuration.publish.max_batch_bytes = 100;
  start_writer();
  publish(std::string(500, '1'));  // alone, but it goes
  publish(std::string(60, '2'));
  publish(std::string(60, '3'));
  publish(std::string(60, '4'));
  work();
  EXPECT_EQ(counted.commits, 3u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(stored(i).position, i + 1);
}

TEST_F(JournalWriter, AnEqualKeyGoesIntoTheNextBatchAndIsADuplicate) {
  start_writer();
  publish("1", "key");
  publish("1", "key");
  publish("2");
  publish("1", "key");
  work();
  EXPECT_EQ(stored(0).position, 1u);
  EXPECT_EQ(stored(1).position, 1u);
  EXPECT_EQ(stored(2).position, 2u);
  EXPECT_EQ(stored(3).position, 1u);
  EXPECT_FALSE((*answers[0])->duplicate);
  EXPECT_TRUE((*answers[1])->duplicate);
  EXPECT_TRUE((*answers[3])->duplicate);
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:2"}));
  EXPECT_EQ(counted.events_duplicate, 2u);
  EXPECT_EQ(counted.events_published, 2u);
}

TEST_F(JournalWriter, AKeyUsedForAnotherEventIsRefused) {
  start_writer();
  publish("1", "key");
  publish("other", "key");
  publish("1", "key", "type");
  work();
  EXPECT_EQ(stored(0).position, 1u);
  EXPECT_EQ(refused(1), errc::idempotency_key_reused);
  EXPECT_EQ(refused(2), errc::idempotency_key_reused);
  EXPECT_EQ(in_journal(), strings{"1:1"});
}

TEST_F(JournalWriter, ADuplicateHasTheEpochOfTheOriginal) {
  configuration.publish.in_doubt_timeout = 60s;
  start_writer();
  publish("1", "key");
  work();
  journal.begin_new_epoch(2);
  publish("1", "key");
  publish("2");
  work();
  EXPECT_EQ(stored(1), (event_id{epoch, 1}));
  EXPECT_EQ(stored(2), (event_id{epoch + 1, 2}));
}

TEST_F(JournalWriter, BringsItsEventsIntoTheTailAtOnce) {
  start_writer();
  context.tail.restart(epoch, 0);
  publish("1", {}, "created");
  publish("2");
  work();
  EXPECT_EQ(in_tail(0), "event: created\ndata: 1\nid: 4711-1\n\ndata: 2\nid: 4711-2\n\n");
  EXPECT_EQ(advances, 1);
}

TEST_F(JournalWriter, DoesNotPutItsEventsIntoATailThatLacksAnothersBefore) {
  start_writer();
  context.tail.restart(epoch, 0);
  store_elsewhere("theirs");
  publish("ours");
  work();
  EXPECT_EQ(stored(0).position, 2u);
  EXPECT_EQ(context.tail.head(), 0u);
  EXPECT_EQ(advances, 0);
}

TEST_F(JournalWriter, ADuplicateInTheBatchBringsNothingIntoTheTail) {
  start_writer();
  publish("1", "key");
  work();
  context.tail.restart(epoch, 0);  // which the tailer has not filled yet
  store_elsewhere("theirs");
  publish("1", "key");
  publish("3");
  work();
  EXPECT_EQ(stored(2).position, 3u);
  EXPECT_EQ(in_tail(0), "");
}

}  // namespace
}  // namespace event_relay
