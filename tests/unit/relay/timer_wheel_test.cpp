#include "event_relay/relay/timer_wheel.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace event_relay {
namespace {

using namespace std::chrono_literals;
using fired = std::vector<int>;

fired advance(timer_wheel<int>& wheel) {
  fired entries;
  wheel.advance([&](int entry) { entries.push_back(entry); });
  return entries;
}

/// How many ticks pass until something fires.
int ticks_until_something(timer_wheel<int>& wheel) {
  for (int ticks = 1; ticks < 100'000; ++ticks)
    if (!advance(wheel).empty()) return ticks;
  return -1;
}

TEST(TimerWheel, FiresWithTheFirstTickThatIsNotEarlier) {
  for (const auto& [delay, ticks] : std::map<std::chrono::milliseconds, int>{
           {0ms, 1}, {1ms, 1}, {99ms, 1}, {100ms, 1}, {101ms, 2}, {200ms, 2}, {1'550ms, 16}}) {
    timer_wheel<int> wheel{100ms};
    wheel.schedule(delay, 1);
    EXPECT_EQ(ticks_until_something(wheel), ticks) << delay.count();
  }
}

TEST(TimerWheel, FiresOnce) {
  timer_wheel<int> wheel{100ms};
  wheel.schedule(100ms, 1);
  EXPECT_EQ(advance(wheel), fired{1});
  for (int i = 0; i < 2'000; ++i) EXPECT_EQ(advance(wheel), fired{});
}

TEST(TimerWheel, FiresAllThatIsDueInTheOrderItCame) {
  timer_wheel<int> wheel{100ms};
  wheel.schedule(200ms, 1);
  wheel.schedule(150ms, 2);
  wheel.schedule(100ms, 3);
  wheel.schedule(200ms, 4);
  EXPECT_EQ(advance(wheel), fired{3});
  EXPECT_EQ(advance(wheel), (fired{1, 2, 4}));
}

TEST(TimerWheel, HoldsDelaysLongerThanARound) {
  timer_wheel<int> wheel{10ms, 8};
  wheel.schedule(80ms, 1);     // exactly one round
  wheel.schedule(1'000ms, 2);  // many
  for (int tick = 1; tick <= 100; ++tick) {
    const auto expected = tick == 8 ? fired{1} : tick == 100 ? fired{2} : fired{};
    EXPECT_EQ(advance(wheel), expected) << tick;
  }
}

TEST(TimerWheel, MayBeScheduledFromWhatFires) {
  timer_wheel<int> wheel{10ms, 4};
  wheel.schedule(10ms, 0);
  int fires = 0;
  for (int tick = 0; tick < 100; ++tick)
    wheel.advance([&](int entry) {
      EXPECT_EQ(entry, fires);
      wheel.schedule(40ms, ++fires);  // comes back into the slot that is being emptied
    });
  EXPECT_EQ(fires, 25);
}

TEST(TimerWheel, AgreesWithAList) {
  std::mt19937 random{1};
  timer_wheel<int> wheel{10ms, 16};
  std::multimap<long, int> due;
  for (long now = 0, entry = 0; now < 5'000; ++now) {
    for (auto timers = random() % 3; timers > 0; --timers, ++entry) {
      const long delay = static_cast<long>(random() % 900);
      wheel.schedule(std::chrono::milliseconds(delay), static_cast<int>(entry));
      due.emplace(now + std::max(1L, (delay + 9) / 10), static_cast<int>(entry));
    }
    auto fires = advance(wheel);
    std::ranges::sort(fires);
    fired expected;
    for (auto [at, end] = due.equal_range(now + 1); at != end; ++at) expected.push_back(at->second);
    std::ranges::sort(expected);
    ASSERT_EQ(fires, expected) << now;
  }
}

}  // namespace
}  // namespace event_relay
