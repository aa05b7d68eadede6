#include "event_relay/relay/commit_in_flight.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

TEST(CommitInFlight, NobodyWaitsWhenThereIsNone) {
  commit_in_flight commit;
  { const commit_in_flight::scope under_way{commit}; }
  const auto begin = clock::now();
  commit.wait(1h);
  EXPECT_LT(clock::now() - begin, 10min);
}

TEST(CommitInFlight, IsWaitedForUntilItsEnd) {
  commit_in_flight commit;
  std::latch begun{1};
  std::atomic<bool> in_the_tail = false;
  std::thread writer{[&] {
    const commit_in_flight::scope under_way{commit};
    begun.count_down();
    in_the_tail = true;
  }};
  begun.wait();
  commit.wait(1h);
  EXPECT_TRUE(in_the_tail);
  writer.join();
}

TEST(CommitInFlight, IsNotConfusedWithTheNextOne) {
  commit_in_flight commit;
  std::atomic<bool> stop = false;
  std::latch begun{1};
  std::thread writer{[&] {
    for (bool first = true; !stop; first = false) {
      const commit_in_flight::scope under_way{commit};
      if (first) begun.count_down();
    }
  }};
  begun.wait();
  for (int i = 0; i < 100; ++i) commit.wait(1h);
  stop = true;
  writer.join();
}

TEST(CommitInFlight, ThatHangsIsNotWaitedForLongerThanAsked) {
  commit_in_flight commit;
  const commit_in_flight::scope under_way{commit};
  const auto begin = clock::now();
  commit.wait(2ms);
  EXPECT_GE(clock::now() - begin, 2ms);
}

}  // namespace
}  // namespace event_relay::test
