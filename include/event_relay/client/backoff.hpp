#pragma once

#include "event_relay/core/jitter.hpp"

#include <algorithm>
#include <chrono>

namespace event_relay::client {

/// Pauses between attempts: each twice as long as the one before, up to a bound, +-20 %.
class backoff {
 public:
  std::chrono::milliseconds next() {
    const auto pause = jittered(pause_);
    pause_ = std::min(2 * pause_, longest);
    return pause;
  }

  /// After an attempt that got somewhere.
  void reset() noexcept { pause_ = shortest; }

  static constexpr std::chrono::milliseconds shortest{250};
  static constexpr std::chrono::milliseconds longest{5'000};

 private:
  std::chrono::milliseconds pause_ = shortest;
};

}  // namespace event_relay::client
