#include "actors/journal_fixture.hpp"

#include <gmock/gmock.h>

namespace event_relay {
namespace {

using testing::ElementsAre;

class OutboxDrainer : public test::journal_fixture {
 protected:
  OutboxDrainer() { put("used once"); }  // an outbox that never was in use is looked at so seldom that a test would wait

  void begin() {
    open();
    start_drainer();
    work();
  }
  void put(std::string data, std::string topic = "reservations") {
    journal.put_into_outbox(std::move(topic), "created", std::move(data));
  }
  std::uint64_t died_for(dead_letter_reason reason) const {
    return counted.dead_letters[static_cast<std::size_t>(reason)];
  }
};

TEST_F(OutboxDrainer, WhatServicesPublishReachesTheTail) {
  begin();
  put("a");
  work();
  EXPECT_THAT(in_journal(), ElementsAre("1:used once", "2:a"));
  EXPECT_EQ(context.tail.head(), 2u);
  EXPECT_EQ(counted.outbox_stored, 2u);
  EXPECT_EQ(counted.events_tailed, 2u);
}

TEST_F(OutboxDrainer, CountsDeadLettersByReason) {
  configuration.publish.max_event_bytes = 10;
  begin();
  put("far too large for this");
  put("nobody's", "unheard-of");
  put("fine");
  work();
  EXPECT_EQ(died_for(dead_letter_reason::data_too_large), 1u);
  EXPECT_EQ(died_for(dead_letter_reason::unknown_topic), 1u);
  EXPECT_EQ(counted.outbox_stored, 2u);
}

TEST_F(OutboxDrainer, ABacklogIsWorkedOffAndMeasured) {
  configuration.publish.max_batch_events = 2;
  for (int i = 0; i < 9; ++i) put(std::to_string(i));
  open();
  start_drainer();
  run_some(2);
  EXPECT_EQ(counted.outbox_stored, 2u);
  EXPECT_EQ(counted.outbox_waiting, 8);
  EXPECT_EQ(counted.outbox_lag_ms, 1);
  work();
  EXPECT_EQ(counted.outbox_stored, 10u);
  EXPECT_EQ(counted.outbox_waiting, 0);
  EXPECT_EQ(counted.outbox_lag_ms, 0);
}

TEST_F(OutboxDrainer, GoesOnAfterTheJournalWasAway) {
  begin();
  journal.go_away();
  other.reset();
  run_some(5);
  put("meanwhile");
  journal.come_back();
  work();
  EXPECT_THAT(in_journal(), ElementsAre("1:used once", "2:meanwhile"));
}

TEST_F(OutboxDrainer, GoesOnOnceItMay) {
  journal.refuse_outbox(true);
  open();
  start_drainer();
  run_some(2);
  EXPECT_EQ(counted.outbox_stored, 0u);
  EXPECT_EQ(counted.journal_losses, 0u);
  journal.refuse_outbox(false);
  work();
  EXPECT_EQ(counted.outbox_stored, 1u);
}

TEST_F(OutboxDrainer, GoesOnInANewEpoch) {
  begin();
  journal.begin_new_epoch(2);
  put("a");
  work();
  EXPECT_THAT(in_journal(), ElementsAre("1:used once", "2:a"));
}

TEST_F(OutboxDrainer, WaitsUntilTheJournalIsPrepared) {
  start_drainer();
  run_some(5);
  EXPECT_EQ(counted.outbox_stored, 0u);
  open();
  work();
  EXPECT_EQ(counted.outbox_stored, 1u);
}

}  // namespace
}  // namespace event_relay
