#include "event_relay/journal/verification.hpp"

#include <algorithm>

namespace event_relay {
namespace {

std::string range(position_t first, position_t last) {
  return first == last ? "event " + std::to_string(first)
                       : "events " + std::to_string(first) + " to " + std::to_string(last);
}

}  // namespace

std::vector<std::string> faults_of_epochs(const journal_bounds& bounds) {
  std::vector<std::string> faults;
  const auto& epochs = bounds.epochs;
  if (epochs.empty()) {
    if (bounds.head > 0) faults.push_back("there are events, and no epoch");
    return faults;
  }
  if (bounds.head > bounds.floor && epochs.front().first_position > bounds.floor + 1)
    faults.push_back(range(bounds.floor + 1, std::min(bounds.head, epochs.front().first_position - 1)) +
                     " without an epoch");
  for (auto one = epochs.begin(); one != epochs.end(); ++one) {
    const auto name = "epoch " + std::to_string(one->epoch);
    const auto begins = name + " begins at " + std::to_string(one->first_position);
    if (one->epoch == 0) faults.push_back(name + " cannot be: epochs count from 1");
    if (one->first_position == 0) faults.push_back(begins + ": positions count from 1");
    if (one->first_position > bounds.head + 1)
      faults.push_back(begins + ", and the newest event is " + std::to_string(bounds.head));
    if (one == epochs.begin()) continue;
    const auto& before = *std::prev(one);
    if (one->epoch <= before.epoch) faults.push_back(name + " follows epoch " + std::to_string(before.epoch));
    if (one->first_position < before.first_position)
      faults.push_back(begins + ", before epoch " + std::to_string(before.epoch) + " at " +
                       std::to_string(before.first_position));
  }
  return faults;
}

std::vector<std::string> faults_of_partitions(std::span<const partition_record> partitions,
                                              const journal_bounds& bounds) {
  std::vector<std::string> faults;
  auto covered = bounds.floor;
  for (const auto& one : partitions) {
    if (one.first_position > bounds.head) break;  // room for what is to come
    const auto name =
        "the partition from " + std::to_string(one.first_position) + " to " + std::to_string(one.last_position);
    if (!one.attached) {
      faults.push_back(name + " is not attached");
      continue;
    }
    if (one.first_position > covered + 1)
      faults.push_back("no partition has " + range(covered + 1, one.first_position - 1));
    if (one.first_position <= covered && covered > bounds.floor) faults.push_back(name + " overlaps the one before it");
    covered = std::max(covered, one.last_position);
  }
  if (covered < bounds.head) faults.push_back("no partition has " + range(covered + 1, bounds.head));
  return faults;
}

}  // namespace event_relay
