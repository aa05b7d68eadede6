#include "event_relay/core/jitter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

template <class Draw>
std::set<std::chrono::milliseconds> many(Draw draw) {
  std::set<std::chrono::milliseconds> drawn;
  for (int i = 0; i < 5'000; ++i) drawn.insert(draw());
  return drawn;
}

TEST(Jitter, StaysWithinAFifth) {
  const auto drawn = many([] { return jittered(3'000ms); });
  EXPECT_GE(*drawn.begin(), 2'400ms);
  EXPECT_LE(*drawn.rbegin(), 3'600ms);
}

TEST(Jitter, UsesAllOfIt) {
  const auto drawn = many([] { return jittered(3'000ms); });
  EXPECT_LT(*drawn.begin(), 2'450ms);
  EXPECT_GT(*drawn.rbegin(), 3'550ms);
  EXPECT_GT(drawn.size(), 500u);
}

TEST(Jitter, OfLittleIsLittle) {
  EXPECT_EQ(jittered(0ms), 0ms);
  for (int i = 0; i < 100; ++i) {
    EXPECT_GE(jittered(1ms), 0ms);
    EXPECT_LE(jittered(1ms), 1ms);
  }
}

TEST(Jitter, OfHoursFits) {
  for (int i = 0; i < 100; ++i) {
    EXPECT_GE(jittered(1'000h), 800h);
    EXPECT_LE(jittered(1'000h), 1'200h);
  }
}

TEST(Jitter, SpreadsOverAllOfAPeriod) {
  const auto drawn = many([] { return spread_over(100ms); });
  EXPECT_EQ(*drawn.begin(), 0ms);
  EXPECT_EQ(*drawn.rbegin(), 100ms);
  EXPECT_EQ(drawn.size(), 101u);
  EXPECT_EQ(spread_over(0ms), 0ms);
}

}  // namespace
}  // namespace event_relay
