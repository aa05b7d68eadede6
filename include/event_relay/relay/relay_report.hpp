#pragma once

#include "event_relay/core/event_id.hpp"
#include "event_relay/relay/consumer_status.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace event_relay {

/// How the relay and its journal stand at one moment, for those who watch them.
struct relay_report {
  bool ready = false;     ///< publishing and streaming both work
  bool writable = false;  ///< the writer has a connection to the journal
  bool readable = false;  ///< the tail follows the journal
  epoch_t epoch = 0;      ///< 0: the journal was not opened yet
  position_t floor = 0;   ///< newest position that retention removed
  position_t head = 0;    ///< newest position that the journal is known to have
  position_t tail_head = 0;  ///< newest position that live streams can have
  std::optional<std::chrono::nanoseconds> since_last_look;  ///< since the tail heard from the journal; nothing: never
  std::shared_ptr<const consumer_survey> consumers;         ///< null: not known yet

  position_t tail_lag() const noexcept { return head - tail_head; }
};

}  // namespace event_relay
