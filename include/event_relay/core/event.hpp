#pragma once

#include "event_relay/core/error.hpp"
#include "event_relay/core/event_id.hpp"
#include "event_relay/core/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace event_relay {

/// Number of a topic in the journal; names are many bytes and compared often.
enum class topic_id : std::uint32_t {};

struct topic {
  topic_id id{};
  std::string name;
};

/// An event as it is published, before it has a position. Empty type: none (SSE then says "message"). Empty key: none.
struct new_event {
  topic_id topic{};
  std::string type;
  std::string idempotency_key;
  std::string data;
  std::string attributes{};  ///< of the CloudEvent it came as: a JSON object; empty: none
};

/// An event as the journal hands it out page by page. The views live as long as the call they are passed to.
struct event_view {
  position_t position = 0;
  topic_id topic{};
  std::string_view type;
  std::string_view data;
  timestamp stored_at{};        ///< this and the attributes only if they were asked for
  std::string_view attributes{};
  /// When this relay accepted it; the clock's epoch: it did not, so it is had from when it is appended to the tail.
  std::chrono::steady_clock::time_point accepted_at{};
};

/// One event by itself, as `GET /events/{id}` answers it.
struct stored_event {
  event_id id;
  topic_id topic{};
  std::string type;
  std::string data;
  timestamp stored_at;
  std::string attributes;
};

inline constexpr std::size_t max_topic_bytes = 128;
inline constexpr std::size_t max_type_bytes = 128;
inline constexpr std::size_t max_idempotency_key_bytes = 255;

/// Checks of what publishers send. Each returns the errc that names the broken rule.
result<void> check_topic_name(std::string_view name);
result<void> check_event_type(std::string_view type);
result<void> check_idempotency_key(std::string_view key);

/// UTF-8 without NUL: PostgreSQL's text stores nothing else, and an SSE stream is UTF-8 by definition (WHATWG 9.2.5).
result<void> check_text(std::string_view data);

/// Whether the bytes are one JSON value (RFC 8259).
bool is_json(std::string_view data);

/// The checks of check_text() and is_json().
result<void> check_json(std::string_view data);

}  // namespace event_relay
