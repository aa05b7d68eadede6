#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/journal/journal.hpp"
#include "event_relay/sse/last_event_id.hpp"
#include "event_relay/sse/reset_event.hpp"

#include <optional>
#include <string>

namespace event_relay {

/// Where a stream begins, or goes on after history changed under it.
struct start_decision {
  position_t after = 0;
  std::optional<sse::gap_reason> gap;  ///< events are missing before `after`: the client must be told
};

/// Decides by the id that a client brought. No answer: the id is beyond our head and the bounds may be older than it,
/// because another relay has served it; ask the journal and call again with `bounds_are_fresh`.
std::optional<start_decision> decide_start(const sse::start_point& start, const journal_bounds& bounds,
                                           gap_policy policy, bool bounds_are_fresh);

/// A stream of epoch `epoch` stands at `position`, and a newer epoch has begun. Says where it goes on: where it stands,
/// or at the fork if it has written events that are not part of history any more.
start_decision continue_in_new_epoch(epoch_t epoch, position_t position, const journal_bounds& bounds);

}  // namespace event_relay
