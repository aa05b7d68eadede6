#pragma once

#include "event_relay/sse/frame.hpp"
#include "event_relay/sse/reset_event.hpp"

#include <string>
#include <string_view>

namespace event_relay::test {

/// What a subscriber of the event stream gets when events are missing.
inline std::string reset_frame(sse::gap_reason reason, std::string_view your_id, event_id resume) {
  std::string frame;
  sse::append_frame(frame, "relay.reset", sse::reset_body(reason, your_id, resume), resume);
  return frame;
}

}  // namespace event_relay::test
