#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;
using Append = JournalTest;

TEST_P(Append, NumbersEventsFromOneWithoutHoles) {
  EXPECT_THAT(positions(append(connection(), {event("1")})), ElementsAre(1));
  EXPECT_THAT(positions(append(connection(), {event("2"), event("3"), event("4")})), ElementsAre(2, 3, 4));
  EXPECT_THAT(positions(append(connection(), {event("5")})), ElementsAre(5));
}

TEST_P(Append, KeepsTheOrderOfTheBatch) {
  append(connection(), {event("b", "two"), event("a", "one"), event("c")});
  EXPECT_THAT(read_all(connection()), ElementsAre(read_event{1, topic_, "two", "b"}, read_event{2, topic_, "one", "a"},
                                                  read_event{3, topic_, "", "c"}));
}

TEST_P(Append, AnswersWithTheEpochThatWasOpened) {
  const auto epoch = connection().bounds().current_epoch();
  EXPECT_NE(epoch, 0U);
  EXPECT_EQ(append(connection(), {event("1")}).epoch, epoch);
}

TEST_P(Append, OfNothingStoresNothing) {
  EXPECT_TRUE(append(connection(), {}).events.empty());
  EXPECT_EQ(connection().bounds().head, 0U);
}

TEST_P(Append, WithTheSameBatchIdGivesTheSameReceiptAndStoresNothing) {
  append(connection(), {event("0", "", "known"), event("0", "", "changed")});
  const auto id = new_batch_id();
  const std::vector<new_event> batch{event("1"), event("0", "", "known"), event("other", "", "changed"), event("2")};
  const auto first = append(connection(), batch, id);
  const auto second = append(*another_connection(), batch, id);
  EXPECT_EQ(second.epoch, first.epoch);
  ASSERT_EQ(second.events.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(second.events[i].position, first.events[i].position);
    EXPECT_EQ(second.events[i].what, first.events[i].what);
  }
  EXPECT_EQ(connection().bounds().head, 4U);
}

TEST_P(Append, RefusesABatchIdThatCameWithAnotherNumberOfEvents) {
  const auto id = new_batch_id();
  append(connection(), {event("1")}, id);
  EXPECT_THROW(append(connection(), {event("1"), event("2")}, id), journal_refused);
  EXPECT_EQ(connection().bounds().head, 1U);
}

TEST_P(Append, ByTwoConnectionsGivesOneSequence) {
  const auto other = another_connection();
  for (int i = 0; i < 10; ++i) append(i % 2 == 0 ? connection() : *other, {event(std::to_string(i))});
  const auto events = read_all(connection());
  ASSERT_EQ(events.size(), 10U);
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].position, i + 1);
    EXPECT_EQ(events[i].data, std::to_string(i));
  }
  EXPECT_EQ(read_all(*other), events);
}

TEST_P(Append, ThatIsRefusedStoresNothingAndLeavesTheConnectionUsable) {
  const std::string nul("a\0b", 3);
  EXPECT_THROW(append(connection(), {event("fine"), event(nul)}), journal_refused);
  EXPECT_THROW(append(connection(), {event("fine"), event("\xC3\x28")}), journal_refused);
  EXPECT_EQ(connection().bounds().head, 0U);
  EXPECT_THAT(positions(append(connection(), {event("fine")})), ElementsAre(1));
}

TEST_P(Append, ThrowsWhenTheConnectionIsCut) {
  under_test_->cut_connections();
  EXPECT_THROW(append(connection(), {event("1")}), journal_unavailable);
  EXPECT_THROW(connection().bounds(), journal_unavailable) << "a lost connection stays lost";
  connection_ = another_connection();
  EXPECT_THAT(positions(append(connection(), {event("1")})), ElementsAre(1));
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Append);

}  // namespace
}  // namespace event_relay::test
