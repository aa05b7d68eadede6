#pragma once

#include "event_relay/core/event_id.hpp"

#include <string>
#include <string_view>

namespace event_relay::sse {

/// Why a stream cannot continue after the id that the client brought.
enum class gap_reason {
  malformed,      ///< not an id at all
  unknown_epoch,  ///< an epoch that this journal never had: another database
  future,         ///< a position that this journal has not reached
  expired,        ///< retention has removed events that the client has not seen
  history_lost,   ///< the client saw events that a failover or a restored backup took away
};

std::string_view to_string(gap_reason reason) noexcept;

/// Tells the client that events are missing and where the stream goes on: `event: relay.reset` with a JSON object
/// {"reason", "your_id", "resume"}, which this is. An event and not a status: an EventSource gives up for good on any
/// status but 200. Its id is to be `resume`, so that a client that drops now reconnects behind the gap, not before it
/// again.
std::string reset_body(gap_reason reason, std::string_view your_id, event_id resume);

}  // namespace event_relay::sse
