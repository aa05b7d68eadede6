#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/counters.hpp"
#include "event_relay/relay/commit_in_flight.hpp"
#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/journal_status.hpp"
#include "event_relay/relay/log_tail.hpp"
#include "event_relay/relay/reminders.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace event_relay {

/// What the actors share. Owned by `relay`, which outlives them; its members are thread-safe or set before any actor
/// runs. The handles to detached actors live here alone, and are reset before the actor system goes: CAF 0.17 waits for
/// ever for a strong handle to a detached actor that outlives it.
struct relay_context {
  relay_context(const config& options, journal& log, counters& counts);

  const config& configuration;
  journal& the_journal;
  journal* standby = nullptr;  ///< serves replays if it can; null: there is none
  counters& counted;
  log_tail tail;
  journal_status status;
  stop_signal stopping;
  commit_in_flight own_commit;
  reminder_wheel wheel;
  reminders* timers = &wheel;  // as the handlers see it

  connection_holder_actor holder;
  journal_writer_actor writer;
  journal_tailer_actor tailer;
  outbox_drainer_actor drainer;
  retention_keeper_actor keeper;
  consumer_keeper_actor consumers;
  std::vector<journal_reader_actor> readers;

  /// Called once, from a journal actor, when the journal can never be used as it is (unknown schema, no privilege).
  std::function<void(const std::string& why)> on_fatal = [](const std::string&) {};

  /// The tail has grown or its history changed: tells the holder, unless it has not yet looked since the last time.
  void announce_advance() {
    if (!advance_pending.exchange(true, std::memory_order_acq_rel)) caf::anon_send(holder, advanced_atom::value);
  }
  std::atomic<bool> advance_pending{false};

  /// Bounds of the history that the tail follows, up to the tail's head. Nothing while the journal was not opened, or
  /// for the instant in which a new epoch is known and the tail has not yet changed over.
  std::optional<journal_bounds> bounds() const;

  /// The reader for pages after this position: the same one for neighbours, so that its cache finds them.
  const journal_reader_actor& reader_for(position_t after) const {
    return readers[after / configuration.journal.page_events % readers.size()];
  }
};

}  // namespace event_relay
