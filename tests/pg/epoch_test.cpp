#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;
using testing::SizeIs;
using Epoch = JournalTest;

TEST_P(Epoch, ANewJournalHasOneThatBeginsAtTheFirstPosition) {
  const auto bounds = connection().bounds();
  ASSERT_THAT(bounds.epochs, SizeIs(1));
  EXPECT_GE(bounds.current_epoch(), 1U);
  EXPECT_LE(bounds.current_epoch(), 9'999U);
  EXPECT_EQ(bounds.epochs[0].first_position, 1U);
  EXPECT_EQ(bounds.floor, 0U);
  EXPECT_EQ(bounds.head, 0U);
}

TEST_P(Epoch, BoundsFollowAppendsAndRetention) {
  publish(5);
  EXPECT_EQ(connection().bounds().head, 5U);
  under_test_->remove_up_to(2);
  EXPECT_EQ(connection().bounds().floor, 2U);
  EXPECT_EQ(connection().bounds().head, 5U);
}

TEST_P(Epoch, NumbersGoOnWhenRetentionRemovedEverything) {
  publish(5);
  under_test_->remove_up_to(5);
  EXPECT_EQ(connection().bounds().floor, 5U);
  EXPECT_EQ(connection().bounds().head, 5U);
  EXPECT_THAT(positions(append(connection(), {event("6")})), ElementsAre(6));
}

TEST_P(Epoch, StaysWhenARelayComesBackToTheHistoryItKnows) {
  publish(5);
  const auto epoch = connection().bounds().current_epoch();
  for (const position_t head : {0, 3, 5}) {
    const auto bounds = the_journal().connect()->open(known_history{epoch, head});
    EXPECT_EQ(bounds.current_epoch(), epoch);
    EXPECT_EQ(bounds.head, 5U);
  }
}

TEST_P(Epoch, ANewOneBeginsWhenTheJournalWasSetBack) {
  publish(5);
  const auto before = connection().bounds().current_epoch();
  under_test_->set_back_to(3);

  const auto bounds = the_journal().connect()->open(known_history{before, 5});
  ASSERT_THAT(bounds.epochs, SizeIs(2));
  EXPECT_GT(bounds.current_epoch(), before);
  EXPECT_EQ(bounds.epochs[1].first_position, 4U);
  EXPECT_EQ(bounds.head, 3U);
  EXPECT_EQ(bounds.epoch_of(3), before);
  EXPECT_EQ(bounds.epoch_of(4), bounds.current_epoch());

  EXPECT_THROW(append(connection(), {event("lost branch")}), stale_epoch);
  const auto fresh = another_connection();
  const auto receipt = append(*fresh, {event("4")});
  EXPECT_EQ(receipt.epoch, bounds.current_epoch());
  EXPECT_THAT(positions(receipt), ElementsAre(4));
  EXPECT_EQ(fresh->find(3)->id.epoch, before);
  EXPECT_EQ(fresh->find(4)->id.epoch, bounds.current_epoch());
}

TEST_P(Epoch, ANewOneBeginsWhenTheJournalWasSetBackToBeforeTheKnownOne) {
  publish(2);
  const auto before = connection().bounds().current_epoch();
  const auto bounds = the_journal().connect()->open(known_history{before + 7, 1});
  EXPECT_GT(bounds.current_epoch(), before + 7);
  EXPECT_EQ(bounds.epochs.back().first_position, 3U);
}

TEST_P(Epoch, OnlyTheFirstRelayToNoticeOpensIt) {
  publish(5);
  const auto before = connection().bounds().current_epoch();
  under_test_->set_back_to(3);
  const auto first = the_journal().connect()->open(known_history{before, 5});
  const auto second = the_journal().connect()->open(known_history{before, 5});
  EXPECT_EQ(second.current_epoch(), first.current_epoch());
  EXPECT_THAT(second.epochs, SizeIs(2));
}

TEST_P(Epoch, AStaleConnectionCannotAppendButRead) {
  publish(5);
  under_test_->begin_new_epoch(4);
  EXPECT_THROW(append(connection(), {event("4")}), stale_epoch);
  EXPECT_THAT(positions(read_all(connection())), ElementsAre(1, 2, 3));
  EXPECT_THAT(connection().bounds().epochs, SizeIs(2));
  EXPECT_NO_THROW(connection().open(std::nullopt));
  EXPECT_THAT(positions(append(connection(), {event("4")})), ElementsAre(4));
}

TEST_P(Epoch, ABatchThatSurvivedKeepsItsEpochWhenItIsRetried) {
  publish(3);
  const auto id = new_batch_id();
  const auto before = append(connection(), {event("4")}, id);
  under_test_->begin_new_epoch(5);
  const auto retried = append(*another_connection(), {event("4")}, id);
  EXPECT_EQ(retried.epoch, before.epoch);
  EXPECT_THAT(positions(retried), ElementsAre(4));
}

TEST_P(Epoch, ABatchThatWasLostIsStoredAnewWhenItIsRetried) {
  publish(3);
  const auto id = new_batch_id();
  append(connection(), {event("4", "", "key")}, id);
  under_test_->begin_new_epoch(3);
  const auto retried = append(*another_connection(), {event("4", "", "key")}, id);
  EXPECT_THAT(positions(retried), ElementsAre(3));
  EXPECT_EQ(retried.events[0].what, appended::outcome::stored);
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Epoch);

}  // namespace
}  // namespace event_relay::test
