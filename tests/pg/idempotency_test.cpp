#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;
using outcome = appended::outcome;
using Idempotency = JournalTest;

MATCHER_P2(Became, what, position, "") {
  return arg.what == what && arg.position == static_cast<position_t>(position);
}

TEST_P(Idempotency, TheSameKeyAndEventIsADuplicateOfTheFirst) {
  append(connection(), {event("0"), event("1", "created", "key")});
  const auto receipt = append(connection(), {event("1", "created", "key")});
  EXPECT_THAT(receipt.events, ElementsAre(Became(outcome::duplicate, 2)));
  EXPECT_EQ(connection().bounds().head, 2U);
}

TEST_P(Idempotency, TheSameKeyWithOtherDataOrTypeIsRefusedAlone) {
  append(connection(), {event("1", "created", "a"), event("1", "", "b")});
  const auto receipt = append(
      connection(), {event("2", "created", "a"), event("1", "changed", "a2"), event("1", "created", "b"), event("3")});
  EXPECT_THAT(receipt.events, ElementsAre(Became(outcome::key_reused, 1), Became(outcome::stored, 3),
                                          Became(outcome::key_reused, 2), Became(outcome::stored, 4)));
}

TEST_P(Idempotency, NewEventsBetweenDuplicatesStayDense) {
  append(connection(), {event("1", "", "a"), event("2", "", "b")});
  const auto receipt =
      append(connection(), {event("3"), event("2", "", "b"), event("4", "", "d"), event("1", "", "a"), event("5")});
  EXPECT_THAT(receipt.events,
              ElementsAre(Became(outcome::stored, 3), Became(outcome::duplicate, 2), Became(outcome::stored, 4),
                          Became(outcome::duplicate, 1), Became(outcome::stored, 5)));
  EXPECT_THAT(positions(read_all(connection())), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(append(connection(), {event("4", "", "d")}).events, ElementsAre(Became(outcome::duplicate, 4)));
}

TEST_P(Idempotency, ABatchOfDuplicatesStoresNothing) {
  append(connection(), {event("1", "", "a"), event("2", "", "b")});
  append(connection(), {event("2", "", "b"), event("1", "", "a")});
  EXPECT_EQ(connection().bounds().head, 2U);
}

TEST_P(Idempotency, KeysBelongToTheirTopic) {
  const auto other = connection().register_topics(std::vector<std::string>{"returns"}).front().id;
  append(connection(), {event("1", "", "key")});
  auto elsewhere = event("2", "", "key");
  elsewhere.topic = other;
  EXPECT_THAT(append(connection(), {elsewhere}).events, ElementsAre(Became(outcome::stored, 2)));
}

TEST_P(Idempotency, KeysDifferByEveryByte) {
  append(connection(), {event("1", "", "Key"), event("1", "", "key "), event("1", "", "key")});
  EXPECT_EQ(connection().bounds().head, 3U);
}

TEST_P(Idempotency, OneBatchMustNotHaveTheSameKeyTwice) {
  EXPECT_THROW(append(connection(), {event("1", "", "key"), event("1", "", "key")}), journal_refused);
  EXPECT_EQ(connection().bounds().head, 0U);
}

TEST_P(Idempotency, AnEventThatRetentionRemovedCountsAsTheSame) {
  append(connection(), {event("1", "", "key"), event("2")});
  under_test_->remove_up_to(1);
  EXPECT_THAT(append(connection(), {event("other", "", "key")}).events, ElementsAre(Became(outcome::duplicate, 1)));
}

TEST_P(Idempotency, KeysAreForgottenAfterTheWindowOnly) {
  append(connection(), {event("1", "", "key")});
  connection().maintain(std::chrono::hours{24});
  EXPECT_THAT(append(connection(), {event("1", "", "key")}).events, ElementsAre(Became(outcome::duplicate, 1)));
  connection().maintain(std::chrono::seconds{0});
  EXPECT_THAT(append(connection(), {event("1", "", "key")}).events, ElementsAre(Became(outcome::stored, 2)));
}

TEST_P(Idempotency, ManyKeysAreForgottenInOneGo) {
  std::vector<new_event> events;
  for (int i = 0; i < 12'000; ++i) events.push_back(event("x", "", "key" + std::to_string(i)));
  append(connection(), events);
  connection().maintain(std::chrono::seconds{0});
  EXPECT_THAT(append(connection(), {event("x", "", "key0"), event("x", "", "key11999")}).events,
              ElementsAre(Became(outcome::stored, 12'001), Became(outcome::stored, 12'002)));
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Idempotency);

}  // namespace
}  // namespace event_relay::test
