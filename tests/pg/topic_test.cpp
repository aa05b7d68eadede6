#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using Topic = JournalTest;
using names = std::vector<std::string>;

TEST_P(Topic, IsRegisteredOnceAndKeepsItsId) {
  const auto first = connection().register_topics(names{"b", "a", "b"});
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].name, "b");
  EXPECT_EQ(first[1].name, "a");
  EXPECT_EQ(first[2].id, first[0].id);
  EXPECT_NE(first[0].id, first[1].id);

  const auto again = another_connection()->register_topics(names{"a", "b"});
  EXPECT_EQ(again[0].id, first[1].id);
  EXPECT_EQ(again[1].id, first[0].id);
}

TEST_P(Topic, IsSeenByOtherRelays) {
  const auto other = another_connection();
  const auto made = other->register_topics(names{"returns"}).front();
  const auto topics = connection().topics();
  ASSERT_EQ(topics.size(), 2U);
  EXPECT_EQ(topics[0].name, "reservations");
  EXPECT_EQ(topics[1].name, "returns");
  EXPECT_EQ(topics[1].id, made.id);
}

TEST_P(Topic, NamesDifferByEveryByte) {
  const auto made = connection().register_topics(names{"Loans", "loans", "loans.", "a:b-c_d"});
  EXPECT_NE(made[0].id, made[1].id);
  EXPECT_NE(made[1].id, made[2].id);
}

TEST_P(Topic, RefusesNamesThatAreNone) {
  const std::vector<std::string> wrong{"", "a b", "a/b", "ä", std::string("a\0b", 3), std::string(129, 'x'), "a\n"};
  for (const auto& name : wrong) EXPECT_THROW(connection().register_topics(names{name}), journal_refused) << name;
  EXPECT_NO_THROW(connection().register_topics(names{std::string(128, 'x')}));
}

TEST_P(Topic, RegisteringNoneIsAllowed) {
  EXPECT_TRUE(connection().register_topics(names{}).empty());
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Topic);

}  // namespace
}  // namespace event_relay::test
