#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace event_relay {

/// Counts values by how large they are: bucket i has those up to Bounds[i], the one behind the last has the rest. Any
/// thread may observe at any time, with two relaxed additions and without a lock. A reader may see an observation in
/// its bucket and not yet in the sum; so the number of observations is the sum of the buckets, and never disagrees with
/// them.
template <const auto& Bounds>
class histogram {
 public:
  static constexpr std::size_t bucket_count = Bounds.size() + 1;

  void observe(std::uint64_t value, std::uint64_t times = 1) noexcept {
    const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(Bounds, value) - Bounds.begin());
    buckets_[bucket].fetch_add(times, std::memory_order_relaxed);
    sum_.fetch_add(value * times, std::memory_order_relaxed);
  }

  static constexpr const auto& bounds() noexcept { return Bounds; }
  std::uint64_t in_bucket(std::size_t bucket) const noexcept {
    return buckets_[bucket].load(std::memory_order_relaxed);
  }
  std::uint64_t sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

 private:
  std::array<std::atomic<std::uint64_t>, bucket_count> buckets_{};
  std::atomic<std::uint64_t> sum_{};
};

namespace histogram_bounds {

/// Of durations, in microseconds: from a wake-up on an idle machine to what nobody should have to wait.
inline constexpr std::array<std::uint64_t, 16> microseconds{
    100,    250,     500,     1'000,   2'500,     5'000,     10'000,     25'000,
    50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 10'000'000, 30'000'000};
/// Of what one stream was sent, in bytes.
inline constexpr std::array<std::uint64_t, 8> stream_bytes{1'000,      10'000,      100'000,       1'000'000,
                                                           10'000'000, 100'000'000, 1'000'000'000, 10'000'000'000};

}  // namespace histogram_bounds

/// Of durations; what the clock took back counts as none.
class latency_histogram : public histogram<histogram_bounds::microseconds> {
 public:
  void observe(std::chrono::steady_clock::duration taken, std::uint64_t times = 1) noexcept {
    const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(taken).count();
    histogram::observe(static_cast<std::uint64_t>(std::max<std::int64_t>(whole, 0)), times);
  }
};

}  // namespace event_relay
