#pragma once

#include "event_relay/journal/journal.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace event_relay {

/// An epoch as the journal has it noted down.
struct epoch_record {
  epoch_start start;
  std::string reason;
  std::string started_at;  ///< RFC 3339, UTC
};

/// A piece of the journal's storage; both positions belong to it.
struct partition_record {
  position_t first_position = 0;
  position_t last_position = 0;
  bool attached = false;  ///< part of the journal: readers see what is in it
};

/// What verify_journal() found. The journal is sound if `faults` is empty.
struct verification {
  journal_bounds bounds;
  std::vector<epoch_record> epochs;
  std::vector<partition_record> partitions;     ///< those that are not below the floor, by position
  std::map<std::string, std::uint64_t> topics;  ///< how many events each has
  std::uint64_t events = 0;
  std::uint64_t older = 0;     ///< events with a time before that of their predecessor: no fault, the clock was set
  position_t first_older = 0;  ///< 0: there is none
  std::string checksum;        ///< over position, topic, type and data of all events; 64 hexadecimal digits
  std::vector<std::string> faults;
};

/// Reads the whole journal, as it was at one moment, in bounded memory; changes nothing. Holds up nobody but the
/// removal of expired events. Throws journal_unavailable, or journal_refused when there is no journal of this program's
/// version.
verification verify_journal(const std::string& url);

/// What is wrong with the epochs of these bounds: they must go up, and be there for each event.
std::vector<std::string> faults_of_epochs(const journal_bounds& bounds);

/// Which events of the bounds no partition, or more than one, would have.
std::vector<std::string> faults_of_partitions(std::span<const partition_record> partitions,
                                              const journal_bounds& bounds);

}  // namespace event_relay
