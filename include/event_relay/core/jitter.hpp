#pragma once

#include <chrono>

namespace event_relay {

/// The duration +-20 %, another one each time: clients that were cut off together must not come back together.
std::chrono::milliseconds jittered(std::chrono::milliseconds duration);

/// Anything from zero to `period`.
std::chrono::milliseconds spread_over(std::chrono::milliseconds period);

}  // namespace event_relay
