#include "event_relay/sse/reset_event.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::sse {

std::string_view to_string(gap_reason reason) noexcept {
  switch (reason) {
    case gap_reason::malformed: return "malformed";
    case gap_reason::unknown_epoch: return "unknown_epoch";
    case gap_reason::future: return "future";
    case gap_reason::expired: return "expired";
    case gap_reason::history_lost: return "history_lost";
  }
  return "unknown";
}

std::string reset_body(gap_reason reason, std::string_view your_id, event_id resume) {
  const nlohmann::ordered_json body{
      {"reason", to_string(reason)}, {"your_id", your_id}, {"resume", event_relay::to_string(resume)}};
  // Bytes that are not UTF-8 in the client's id become U+FFFD: the stream must stay UTF-8.
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace event_relay::sse
