#pragma once

#include "event_relay/journal/journal.hpp"
#include "event_relay/relay/completion.hpp"
#include "event_relay/sse/last_event_id.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace event_relay {

/// A named consumer, and how far it is behind.
struct consumer_status {
  event_relay::consumer consumer;
  std::uint64_t lag = 0;       ///< events that it has yet to acknowledge, filtered ones too
  timestamp waiting_since;     ///< when the oldest of them was stored; the epoch: there is none
  bool is_read_here = false;   ///< its reader is connected to this relay
};

/// All consumers of the journal at one moment, seen from afar.
struct consumer_survey {
  std::size_t count = 0;
  std::vector<consumer_status> furthest_behind;  ///< not more than consumers_surveyed, the worst first
};
inline constexpr std::size_t consumers_surveyed = 100;

/// What is to be done with consumers. Answered with those that it is about, as they are then; removed ones are not.
struct consumer_command {
  enum class action { list, acknowledge, reset, remove };
  action what = action::list;
  std::string consumer;        ///< empty, for a list: all
  sse::start_point to;         ///< of acknowledge and reset
  completion<std::vector<consumer_status>> done;
};

}  // namespace event_relay
