#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Outbox : public JournalTest {
 protected:
  void put(const std::string& data, const std::string& key = {}, const std::string& topic = "reservations",
           const std::string& type = "created") {
    outbox().put_into_outbox(topic, type, data, key);
  }
  outbox_under_test& outbox() { return dynamic_cast<outbox_under_test&>(*under_test_); }
  outbox_drained drain(outbox_limits limits = {}) { return connection().drain_outbox(limits); }
  outbox_drained drain_all(outbox_limits limits = {}) {
    outbox_drained sum;
    for (bool more = true; more;) {
      const auto one = drain(limits);
      sum.stored += one.stored;
      sum.known += one.known;
      for (std::size_t i = 0; i < sum.dead.size(); ++i) sum.dead[i] += one.dead[i];
      more = one.more;
    }
    return sum;
  }
  std::vector<std::string> stored() {
    std::vector<std::string> data;
    for (const auto& event : read_all(connection())) data.push_back(event.data);
    return data;
  }
};

TEST_P(Outbox, BecomesPartOfTheJournalInItsOrder) {
  publish(1);
  put("a");
  put("b");
  put("c");
  EXPECT_EQ(drain().stored, 3U);
  EXPECT_THAT(read_all(connection(), 1),
              ElementsAre(read_event{2, topic_, "created", "a"}, read_event{3, topic_, "created", "b"},
                          read_event{4, topic_, "created", "c"}));
  EXPECT_EQ(drain().stored, 0U);
  EXPECT_THAT(outbox().dead_letters(), IsEmpty());
}

TEST_P(Outbox, SaysWhetherItWasEverUsed) {
  EXPECT_FALSE(drain().in_use);
  put("a");
  EXPECT_TRUE(drain().in_use);
  EXPECT_TRUE(drain().in_use);
}

TEST_P(Outbox, IsMovedOnceByWhoeverIsFirst) {
  const auto other = another_connection();
  for (int round = 0; round < 5; ++round) {
    put("a");
    put("b");
    EXPECT_EQ(drain().stored + other->drain_outbox({}).stored, 2U);
  }
  EXPECT_EQ(connection().bounds().head, 10U);
}

TEST_P(Outbox, MovesNoMoreThanItIsAskedTo) {
  for (const auto* data : {"1", "2", "3", "4", "5"}) put(data);
  EXPECT_EQ(drain({.events = 2}).stored, 2U);
  EXPECT_TRUE(drain({.events = 2}).more);
  EXPECT_EQ(drain_all({.events = 2}).stored, 1U);
  EXPECT_THAT(stored(), ElementsAre("1", "2", "3", "4", "5"));
}

TEST_P(Outbox, MovesNoMoreBytesButOneEventAtLeast) {
  for (const auto* data : {"aaaa", "bbbb", "cccc"}) put(data);
  EXPECT_EQ(drain({.bytes = 1}).stored, 1U);
  EXPECT_EQ(drain({.bytes = 5}).stored, 2U);
}

TEST_P(Outbox, WhatNoRelayTakesBecomesADeadLetterAndStopsNobody) {
  put("1");
  put("lost", "", "unheard-of");
  put("far too large");
  put("2");
  const auto drained = drain({.event_bytes = 5});
  EXPECT_EQ(drained.stored, 2U);
  EXPECT_THAT(drained.dead, ElementsAre(1, 1, 0));
  EXPECT_THAT(stored(), ElementsAre("1", "2"));
  EXPECT_THAT(outbox().dead_letters(), ElementsAre("lost: unknown_topic", "far too large: data_too_large"));
  EXPECT_EQ(drain().stored, 0U);
}

TEST_P(Outbox, NothingButDeadLettersIsMovedToo) {
  put("lost", "", "unheard-of");
  EXPECT_THAT(drain().dead, ElementsAre(1, 0, 0));
  EXPECT_EQ(connection().bounds().head, 0U);
  EXPECT_FALSE(drain().more);
}

TEST_P(Outbox, AKeyThatIsKnownIsNotStoredAgain) {
  append(connection(), {event("a", "created", "k")});
  put("a", "k");
  put("b", "k2");
  put("b", "k2");
  const auto drained = drain_all();
  EXPECT_EQ(drained.stored, 1U);
  EXPECT_EQ(drained.known, 2U);
  EXPECT_THAT(stored(), ElementsAre("a", "b"));
  EXPECT_EQ(append(connection(), {event("b", "created", "k2")}).events[0].what, appended::outcome::duplicate);
}

TEST_P(Outbox, AKeyThatStandsForAnotherEventIsADeadLetter) {
  put("a", "k");
  put("other", "k");
  put("c");
  const auto drained = drain_all();
  EXPECT_EQ(drained.stored, 2U);
  EXPECT_THAT(drained.dead, ElementsAre(0, 0, 1));
  EXPECT_THAT(stored(), ElementsAre("a", "c"));
  EXPECT_THAT(outbox().dead_letters(), ElementsAre("other: idempotency_key_reused"));
}

TEST_P(Outbox, OfAnEpochThatIsOverIsLeftForTheNextConnection) {
  put("a");
  under_test_->begin_new_epoch(1);
  EXPECT_THROW(drain(), stale_epoch);
  connection_ = another_connection();
  EXPECT_EQ(drain().stored, 1U);
}

TEST_P(Outbox, SurvivesTheLossOfTheConnection) {
  put("a");
  under_test_->cut_connections();
  EXPECT_THROW(drain(), journal_unavailable);
  connection_ = another_connection();
  EXPECT_EQ(drain().stored, 1U);
}

TEST_P(Outbox, SaysWhatWaits) {
  EXPECT_EQ(connection().measure_outbox().events, 0U);
  put("a");
  put("b");
  EXPECT_EQ(connection().measure_outbox().events, 2U);
  EXPECT_GE(connection().measure_outbox().age.count(), 1);
  drain();
  EXPECT_EQ(connection().measure_outbox().events, 0U);
  EXPECT_EQ(connection().measure_outbox().age.count(), 0);
}

TEST_P(Outbox, AnnouncesWhatItMoved) {
  const auto listener = another_connection();
  listener->listen();
  put("a");
  drain();
  EXPECT_EQ(listener->wait_for_news(std::chrono::seconds(10)), 1U);
}

EVENT_RELAY_FOR_EVERY_OUTBOX(Outbox);

}  // namespace
}  // namespace event_relay::test
