#include "event_relay/core/counters.hpp"

namespace event_relay {

const char* name_of(close_reason reason) noexcept {
  switch (reason) {
    case close_reason::peer_closed: return "peer_closed";
    case close_reason::write_failed: return "write_failed";
    case close_reason::closed_check: return "closed_check";
    case close_reason::stalled: return "stalled";
    case close_reason::max_age: return "max_age";
    case close_reason::superseded: return "superseded";
    case close_reason::complete: return "complete";
    case close_reason::drained: return "drained";
    case close_reason::forced: return "forced";
    case close_reason::too_much_input: return "too_much_input";
    case close_reason::failed: return "failed";
  }
  return "unknown";
}

const char* name_of(dead_letter_reason reason) noexcept {
  switch (reason) {
    case dead_letter_reason::unknown_topic: return "unknown_topic";
    case dead_letter_reason::data_too_large: return "data_too_large";
    case dead_letter_reason::idempotency_key_reused: return "idempotency_key_reused";
  }
  return "unknown";
}

}  // namespace event_relay
