#pragma once

#include "event_relay/journal/journal.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <stdexcept>
#include <string>

namespace event_relay {

/// Opens an epoch by hand: from now on history may be another one than before. Relays that run notice it within a
/// second; what is published in that second they may tell their clients twice, with a relay.reset in between. Throws
/// journal_unavailable or journal_refused.
epoch_start open_new_epoch(const std::string& url, const std::string& reason);

/// Which events are exported: those after `after`, up to and including `until`; all there are where nothing is said.
struct export_range {
  std::optional<position_t> after;
  std::optional<position_t> until;
};

/// The range does not lie within the journal. The text names the bound.
struct bad_range : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Writes a line of JSON that describes the export, and one for each event, as the journal was at one moment. Holds up
/// nobody but the removal of expired events; needs memory for a few of the largest events. Returns how many events.
/// Throws bad_range, journal_unavailable, journal_refused, or std::runtime_error when `to` cannot be written.
std::uint64_t export_journal(const std::string& url, const export_range& range, std::ostream& to);

/// What is wrong with the file to be imported, and in which line. Nothing was stored.
struct bad_import : std::runtime_error {
  bad_import(std::uint64_t line, const std::string& what)
      : std::runtime_error("line " + std::to_string(line) + ": " + what) {}
};

struct imported {
  std::uint64_t events = 0;
  journal_bounds bounds;  ///< what the journal has now; the newest epoch is one of its own
};

/// Stores what export_journal() wrote in a journal that never had an event: at the same positions, of the same epochs.
/// A new epoch begins behind them, as the journal they come from may go on too. All or nothing: one transaction. Needs
/// memory for some hundred events, and of the server some locks for each partition until it is done.
/// `partition_events`: how large partitions are made; 0: as they were.
/// Throws bad_import, journal_unavailable, or journal_refused: also when the journal is not empty.
imported import_journal(const std::string& url, std::size_t partition_events, std::istream& from);

}  // namespace event_relay
