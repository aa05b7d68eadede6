#include "event_relay/relay/stream_limits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace event_relay {
namespace {

void raise_to(std::atomic<std::int64_t>& most, std::int64_t seen) {
  for (auto known = most.load(); known < seen && !most.compare_exchange_weak(known, seen);) continue;
}

/// Four threads that come from two addresses and go; the most streams that were open at once.
std::int64_t most_open(const stream_config& options, counters& counted) {
  stream_limits limits(options, counted);
  std::atomic<std::int64_t> most{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, address = "192.0.2." + std::to_string(i % 2)] {
      for (int round = 0; round < 3'000; ++round) {
        const auto first = limits.admit(address);
        const auto second = limits.admit(address);
        if (first || second) raise_to(most, counted.streams_open);
      }
    });
  threads.clear();
  return most;
}

TEST(StreamLimitsThreads, ThreadsTogetherDoNotExceedTheLimit) {
  counters counted;
  stream_config options;
  options.max_streams = 3;
  EXPECT_LE(most_open(options, counted), 3);
  EXPECT_EQ(counted.streams_open, 0);
}

TEST(StreamLimitsThreads, ThreadsOfOneAddressDoNotExceedItsLimit) {
  counters counted;
  stream_config options;
  options.max_streams_per_address = 1;
  EXPECT_LE(most_open(options, counted), 2);
  EXPECT_EQ(counted.streams_open, 0);
}

TEST(StreamLimitsThreads, ClosedMeanwhileAdmitsNobodyAfterwards) {
  counters counted;
  const stream_config options;
  stream_limits limits(options, counted);
  std::atomic<bool> closed{false};
  std::atomic<int> late{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 3; ++i)
      threads.emplace_back([&] {
        for (bool last = false; !last;) {
          last = closed;
          if (limits.admit("192.0.2.1") && last) ++late;
        }
      });
    limits.close();
    closed = true;
  }
  EXPECT_EQ(late, 0);
  EXPECT_EQ(counted.streams_open, 0);
}

}  // namespace
}  // namespace event_relay
