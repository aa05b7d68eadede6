#pragma once

#include "event_relay/client/http_exchange.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace event_relay::client {

/// What an answer that is no success says, as the relay (RFC 9457) or whoever stands in front of it put it.
struct refusal {
  int status = 0;
  std::string reason;  ///< as in errc: unknown_topic; empty: it is not the relay's
  std::string detail;  ///< a sentence for people; empty: there was none
  std::optional<std::chrono::seconds> retry_after;

  /// Whether the same request may succeed later.
  bool is_passing() const noexcept;

  /// On one line, e.g. "404 unknown_topic: no such topic"
  std::string text() const;
};

refusal read_refusal(const http_response& response);

}  // namespace event_relay::client
