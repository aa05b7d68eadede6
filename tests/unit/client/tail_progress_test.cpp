#include "event_relay/client/tail_progress.hpp"

#include <gtest/gtest.h>

namespace event_relay::client {
namespace {

received event(const std::string& id) {
  return {id, "made", {}, "text\n"};
}

received own_word(const std::string& type, const std::string& id) {
  return {id, type, "{}", {}};
}

TEST(TailProgress, BeginsWhereItIsTold) {
  const tail_progress progress({.topics = {"loans", "returns"}, .types = {"made"}, .from = "earliest", .limit = 5});
  EXPECT_EQ(progress.query(), (parameters{{"cursor", "on"},
                                          {"topic", "loans"},
                                          {"topic", "returns"},
                                          {"type", "made"},
                                          {"limit", "5"},
                                          {"from", "earliest"}}));
}

TEST(TailProgress, GoesOnAfterWhatItHasWithWhatIsLeftOfTheLimit) {
  tail_progress progress({.from = "earliest", .limit = 3});
  EXPECT_TRUE(progress.take(event("7-1")));
  EXPECT_TRUE(progress.take(event("7-2")));
  EXPECT_EQ(progress.query(), (parameters{{"cursor", "on"}, {"limit", "1"}, {"lastEventId", "7-2"}}));
  EXPECT_FALSE(progress.is_done());
  EXPECT_TRUE(progress.take(event("7-4")));
  EXPECT_TRUE(progress.is_done());
  EXPECT_FALSE(progress.take(event("7-5")));
}

TEST(TailProgress, ACursorWithoutAnEventIsAPlaceToGoOn) {
  tail_progress progress({.since = "2026-11-27T09:00:00Z"});
  EXPECT_EQ(progress.query().back().first, "since");
  EXPECT_FALSE(progress.take(own_word("relay.cursor", "7-9")));
  EXPECT_EQ(progress.query().back(), (parameters::value_type{"lastEventId", "7-9"}));
  EXPECT_EQ(progress.newest_printed(), "");
}

TEST(TailProgress, OfAConsumerWhatComesAgainIsNotPrintedAgain) {
  tail_progress progress({.from = "earliest", .limit = 9, .consumer = "lending"});
  EXPECT_TRUE(progress.take(event("7-1")));
  EXPECT_TRUE(progress.take(event("7-2")));
  // The relay knows where it is, and would refuse a limit.
  EXPECT_EQ(progress.query(), (parameters{{"cursor", "on"}, {"consumer", "lending"}, {"from", "earliest"}}));
  EXPECT_FALSE(progress.take(event("7-1")));
  EXPECT_FALSE(progress.take(event("7-2")));
  EXPECT_TRUE(progress.take(event("7-3")));
  EXPECT_TRUE(progress.take(event("8-3")));  // another history
}

TEST(TailProgress, AfterAResetOlderEventsAreNews) {
  tail_progress progress({.consumer = "lending"});
  EXPECT_TRUE(progress.take(event("7-5")));
  EXPECT_FALSE(progress.take(own_word("relay.reset", "7-2")));
  EXPECT_EQ(progress.cursor(), "7-2");
  EXPECT_TRUE(progress.take(event("7-3")));
}

}  // namespace
}  // namespace event_relay::client
