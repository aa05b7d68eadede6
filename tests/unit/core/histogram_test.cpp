#include "event_relay/core/histogram.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::uint64_t, 3> bounds{10, 20, 40};

TEST(Histogram, PutsAValueIntoTheFirstBucketThatIsNotTooSmall) {
  histogram<bounds> observed;
  for (const auto value : {0, 10, 11, 20, 40, 41, 1'000}) observed.observe(static_cast<std::uint64_t>(value));
  EXPECT_EQ(observed.in_bucket(0), 2u);
  EXPECT_EQ(observed.in_bucket(1), 2u);
  EXPECT_EQ(observed.in_bucket(2), 1u);
  EXPECT_EQ(observed.in_bucket(3), 2u);
  EXPECT_EQ(observed.sum(), 1'122u);
}

TEST(Histogram, CountsSeveralOfOneValueAtOnce) {
  histogram<bounds> observed;
  observed.observe(15, 4);
  EXPECT_EQ(observed.in_bucket(1), 4u);
  EXPECT_EQ(observed.sum(), 60u);
}

TEST(Histogram, LosesNothingWhenManyThreadsObserve) {
  histogram<bounds> observed;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&observed] {
      for (int j = 0; j < 10'000; ++j) observed.observe(15);
    });
  for (auto& one : threads) one.join();
  EXPECT_EQ(observed.in_bucket(1), 40'000u);
  EXPECT_EQ(observed.sum(), 600'000u);
}

TEST(Histogram, BoundsRise) {
  EXPECT_TRUE(std::ranges::is_sorted(histogram_bounds::microseconds, std::less_equal()));
  EXPECT_TRUE(std::ranges::is_sorted(histogram_bounds::stream_bytes, std::less_equal()));
}

TEST(LatencyHistogram, CountsInMicroseconds) {
  latency_histogram observed;
  observed.observe(3ms, 2);
  EXPECT_EQ(observed.sum(), 6'000u);
  EXPECT_EQ(observed.in_bucket(5), 2u);  // up to 5 ms
}

TEST(LatencyHistogram, TakesADurationThatIsNegativeForNone) {
  latency_histogram observed;
  observed.observe(-1s);
  EXPECT_EQ(observed.in_bucket(0), 1u);
  EXPECT_EQ(observed.sum(), 0u);
}

}  // namespace
}  // namespace event_relay
