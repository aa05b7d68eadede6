#include "actors/journal_fixture.hpp"

namespace event_relay {
namespace {

using namespace std::chrono_literals;
using strings = std::vector<std::string>;
constexpr auto epoch = test::memory_journal::first_epoch;

// What publishers are told when the journal goes away in the middle.
class JournalWriterFailure : public test::journal_fixture {};

TEST_F(JournalWriterFailure, ACommitInDoubtIsAskedForAndNotRepeated) {
  configuration.publish.in_doubt_timeout = 60s;
  start_writer();
  journal.lose_next_commit_answer();
  publish("1");
  publish("2");
  work();
  EXPECT_EQ(stored(0), (event_id{epoch, 1}));
  EXPECT_EQ(stored(1), (event_id{epoch, 2}));
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:2"}));
  EXPECT_EQ(counted.journal_losses, 1u);
  EXPECT_TRUE(context.status.writable);
}

TEST_F(JournalWriterFailure, ACommitInDoubtForTooLongIsToldToBeSo) {
  start_writer();
  journal.lose_next_commit_answer();
  publish("1");
  work();
  EXPECT_EQ(refused(0), errc::outcome_unknown);
  EXPECT_TRUE(context.status.writable);  // it has connected again by itself
  publish("2");
  work();
  EXPECT_EQ(stored(1).position, 2u);
}

TEST_F(JournalWriterFailure, AnEpochThatEndsInTheMiddleOfACommitIsLookedUp) {
  configuration.publish.in_doubt_timeout = 60s;
  start_writer();
  publish("1");
  work();
  journal.lose_next_commit_answer();
  publish("2", "key");
  work();
  journal.begin_new_epoch(2);  // and with it the second event is gone
  publish("2", "key");
  work();
  EXPECT_EQ(stored(2), (event_id{epoch + 1, 2}));
  EXPECT_FALSE((*answers[2])->duplicate);
  EXPECT_EQ(in_journal(), (strings{"1:1", "2:2"}));
}

TEST_F(JournalWriterFailure, AnOldEpochMakesItConnectAgainAndStore) {
  configuration.publish.in_doubt_timeout = 60s;
  start_writer();
  publish("1");
  work();
  journal.begin_new_epoch(2);
  publish("2");
  work();
  EXPECT_EQ(stored(1), (event_id{epoch + 1, 2}));
  EXPECT_TRUE(context.status.writable);
}

TEST_F(JournalWriterFailure, ADatabaseThatWasSetBackBehindItsBackBeginsAnotherEpoch) {
  start_writer();
  for (int i = 0; i < 3; ++i) publish("old");
  work();
  journal.go_away();
  publish("lost");
  run_some(6);
  journal.set_back_to(1);
  journal.come_back();
  work();
  const auto first = publish("new");
  work();
  EXPECT_EQ(stored(first), (event_id{epoch + 1, 2}));
}

TEST_F(JournalWriterFailure, WithoutAJournalItAnswersAtOnce) {
  journal.go_away();
  start_writer();
  publish("1");
  run_some(6);
  EXPECT_EQ(refused(0), errc::journal_unavailable);
  EXPECT_FALSE(context.status.writable);
  journal.come_back();
  work();
  EXPECT_TRUE(context.status.writable);
  publish("2");
  work();
  EXPECT_EQ(stored(1).position, 1u);
}

TEST_F(JournalWriterFailure, LosingTheJournalIsNoticedByTheFirstCommitAndToldToAllThatWait) {
  start_writer();
  journal.go_away();
  publish("1");
  publish("2");
  run_some(6);
  EXPECT_EQ(refused(0), errc::outcome_unknown);
  EXPECT_EQ(refused(1), errc::outcome_unknown);
  EXPECT_FALSE(context.status.writable);
  publish("3");
  run_some(6);
  EXPECT_EQ(refused(2), errc::journal_unavailable);
  journal.come_back();
  work();
  EXPECT_TRUE(context.status.writable);
}

TEST_F(JournalWriterFailure, ABatchThatTheJournalRefusesFailsAloneAndKeepsTheConnection) {
  start_writer();
  publish("\xff");
  work();
  EXPECT_EQ(refused(0), errc::internal);
  publish("2");
  work();
  EXPECT_EQ(stored(1).position, 1u);
  EXPECT_EQ(counted.journal_losses, 0u);
}

TEST_F(JournalWriterFailure, AFullJournalIsToldToBeSoUntilThereIsRoom) {
  start_writer();
  journal.fill_up(true);
  publish("1");
  work();
  EXPECT_EQ(refused(0), errc::journal_full);
  journal.fill_up(false);
  publish("2");
  work();
  EXPECT_EQ(stored(1).position, 1u);
  EXPECT_EQ(counted.journal_losses, 0u);
}

TEST_F(JournalWriterFailure, StoppedItAnswersWhatIsQueued) {
  start_writer();
  publish("1");
  context.stopping.stop();
  caf::anon_send(context.writer, stop_atom::value);
  publish("2");
  work();
  EXPECT_EQ(refused(0), errc::shutting_down);
  EXPECT_EQ(refused(1), errc::shutting_down);
}

TEST_F(JournalWriterFailure, AJournalOfAnUnknownVersionIsFatalAtTheStart) {
  configuration.topics = {"no such topic name"};  // refused by the journal, as an unknown schema is
  start_writer();
  EXPECT_EQ(fatal.size(), 1u);  // however often it is tried
}

}  // namespace
}  // namespace event_relay
