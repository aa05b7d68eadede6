#pragma once

#include "event_relay/core/filter.hpp"
#include "event_relay/journal/journal.hpp"
#include "event_relay/sse/last_event_id.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace event_relay {

/// A start that takes a look into the journal: at a time, or in the middle of a bounded stream that was cut off. An
/// EventSource comes back to the same URL, and adds where it was.
struct bounded_start {
  sse::start_point named{};                         ///< by the URL; start_live: it names none
  std::optional<timestamp> since{};                 ///< named by the URL as well
  std::optional<sse::start_point> came_back{};      ///< by the Last-Event-ID header
  std::shared_ptr<const filter> wanted{};           ///< null: everything
  std::optional<std::uint64_t> limit{};             ///< counted from the start that the URL names
  std::optional<timestamp> until{};
};

struct settled_start {
  sse::start_point start;
  std::optional<std::uint64_t> limit;  ///< what is left of it
  bool is_over = false;                ///< the client has had everything: it need not come back
};

/// Looks it up. `bounds` must be fresh. Takes as long as reading the journal from the URL's start to where the client
/// was, and costs nothing but that. Throws as the connection does.
settled_start settle(const bounded_start& asked, journal_connection& connection, const journal_bounds& bounds);

/// The last position before this time; by the times of the events, which go up with their positions.
position_t last_before(timestamp time, journal_connection& connection, const journal_bounds& bounds);

}  // namespace event_relay
