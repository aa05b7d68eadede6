#pragma once

#include "event_relay/core/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace event_relay {

/// Place of an event in the journal: 1 is the first, and there are no holes. 0 means "before the first".
using position_t = std::uint64_t;

/// One uninterrupted history of the journal. It goes up when history may have forked (restored backup, failover that
/// lost commits), so that positions of the lost branch are recognised. 0 means "none".
using epoch_t = std::uint32_t;

/// What `id:` carries and `Last-Event-ID` brings back: `<epoch>-<position>`, e.g. `4711-42`. Only digits and a hyphen,
/// which stays inside the bytes that CORS safelists for the header (whatwg/fetch#1788).
struct event_id {
  epoch_t epoch = 0;
  position_t position = 0;

  friend bool operator==(const event_id&, const event_id&) = default;
};

std::string to_string(event_id id);

/// Reads the full form only. Error: `errc::bad_event_id`.
result<event_id> parse_event_id(std::string_view text);

/// Reads a run of digits without sign, spaces or overflow. Error: `errc::bad_event_id`.
result<position_t> parse_position(std::string_view text);

}  // namespace event_relay
