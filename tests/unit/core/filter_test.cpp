#include "event_relay/core/filter.hpp"

#include <gtest/gtest.h>

namespace event_relay {
namespace {

constexpr topic_id reservations{1};
constexpr topic_id loans{2};
constexpr topic_id returns{3};

TEST(Filter, WithoutListsWantsEverything) {
  const filter all;
  EXPECT_TRUE(all.wants_everything());
  EXPECT_TRUE(all.wants_topic(loans));
  EXPECT_TRUE(all.wants(loans, "created"));
  EXPECT_TRUE(all.wants(loans, ""));
}

TEST(Filter, WantsAnyOfItsTopics) {
  const filter some{{reservations, loans}, {}};
  EXPECT_FALSE(some.wants_everything());
  EXPECT_TRUE(some.wants(reservations, "created"));
  EXPECT_TRUE(some.wants(loans, ""));
  EXPECT_FALSE(some.wants(returns, "created"));
  EXPECT_TRUE(some.wants_topic(loans));
  EXPECT_FALSE(some.wants_topic(returns));
}

TEST(Filter, WantsAnyOfItsTypes) {
  const filter some{{}, {"created", "cancelled"}};
  EXPECT_FALSE(some.wants_everything());
  EXPECT_TRUE(some.wants(returns, "created"));
  EXPECT_TRUE(some.wants(loans, "cancelled"));
  EXPECT_FALSE(some.wants(loans, "changed"));
  EXPECT_FALSE(some.wants(loans, ""));
  EXPECT_TRUE(some.wants_topic(returns)) << "the topic alone does not decide";
}

TEST(Filter, WantsTopicAndTypeBoth) {
  const filter both{{loans}, {"created"}};
  EXPECT_TRUE(both.wants(loans, "created"));
  EXPECT_FALSE(both.wants(loans, "changed"));
  EXPECT_FALSE(both.wants(returns, "created"));
}

TEST(Filter, MessageIsTheTypeOfAnEventWithoutOne) {
  const filter messages{{}, {"message"}};
  EXPECT_TRUE(messages.wants(loans, ""));
  EXPECT_TRUE(messages.wants(loans, "message"));
  EXPECT_FALSE(messages.wants(loans, "created"));
}

TEST(Filter, ComparesTypesToTheLetter) {
  const filter one{{}, {"created"}};
  for (const auto* type : {"Created", "create", "createdx", "created "}) EXPECT_FALSE(one.wants(loans, type)) << type;
}

}  // namespace
}  // namespace event_relay
