#pragma once

#include "event_relay/core/timestamp.hpp"

namespace event_relay {

inline timestamp current_time() {
  return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace event_relay
