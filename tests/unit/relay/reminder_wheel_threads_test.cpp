#include "event_relay/relay/reminders.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace event_relay {
namespace {

TEST(ReminderWheelThreads, EveryReminderOfEveryThreadIsHandedOutOnce) {
  constexpr std::uint64_t each = 5'000;
  reminder_wheel wheel(std::chrono::milliseconds(10));
  std::atomic<int> at_work{3};
  std::vector<std::jthread> threads;
  for (std::uint64_t thread = 0; thread < 3; ++thread)
    threads.emplace_back([&, thread] {
      for (std::uint64_t i = 0; i < each; ++i)
        wheel.remind(turn::heartbeat, thread * each + i, std::chrono::milliseconds(10 * (i % 7)));
      --at_work;
    });
  std::vector<int> handed_out(3 * each);
  const auto take = [&] {
    for (const auto& due : wheel.advance()) ++handed_out[due.handler];
  };
  while (at_work > 0) take();
  for (int i = 0; i < 7; ++i) take();
  EXPECT_EQ(handed_out, std::vector<int>(3 * each, 1));
}

TEST(ReminderWheelThreads, SaysWhoAndWhat) {
  reminder_wheel wheel(std::chrono::milliseconds(10));
  wheel.remind(turn::max_age, 77, std::chrono::milliseconds(5));
  const auto due = wheel.advance();
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due.front().handler, 77u);
  EXPECT_EQ(due.front().what, turn::max_age);
}

}  // namespace
}  // namespace event_relay
