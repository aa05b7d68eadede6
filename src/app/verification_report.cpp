#include "app/verification_report.hpp"

#include "event_relay/core/log_line.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace event_relay {
namespace {

void put_events(std::ostream& out, const verification& found) {
  const auto& bounds = found.bounds;
  out << "events      " << found.events;
  if (bounds.head > bounds.floor) out << ", from " << bounds.floor + 1 << " to " << bounds.head;
  if (bounds.floor > 0) out << " (those up to " << bounds.floor << " were removed)";
  out << '\n';
  for (const auto& [name, events] : found.topics) out << "  " << name << "  " << events << '\n';
}

void put_times(std::ostream& out, const verification& found) {
  out << "times       ";
  if (found.older == 0)
    out << "in order\n";
  else
    out << found.older << " events are older than the one before them, the first is " << found.first_older << '\n';
}

}  // namespace

std::string text_report(const verification& found) {
  std::ostringstream out;
  put_events(out, found);
  out << "epochs      " << found.epochs.size() << '\n';
  for (const auto& epoch : found.epochs)
    out << "  " << epoch.start.epoch << "  from " << epoch.start.first_position << ", " << epoch.started_at << ", "
        << log::quoted(epoch.reason) << '\n';
  out << "partitions  " << found.partitions.size() << '\n';
  put_times(out, found);
  out << "checksum    " << found.checksum << '\n';
  for (const auto& fault : found.faults) out << "fault       " << fault << '\n';
  out << (found.faults.empty() ? "the journal is sound\n" : "the journal is NOT sound\n");
  return out.str();
}

std::string json_report(const verification& found) {
  auto epochs = nlohmann::ordered_json::array();
  for (const auto& epoch : found.epochs)
    epochs.push_back({{"epoch", epoch.start.epoch},
                      {"first_position", epoch.start.first_position},
                      {"started_at", epoch.started_at},
                      {"reason", epoch.reason}});
  const nlohmann::ordered_json report{{"sound", found.faults.empty()},
                                      {"floor", found.bounds.floor},
                                      {"head", found.bounds.head},
                                      {"events", found.events},
                                      {"topics", found.topics},
                                      {"epochs", epochs},
                                      {"partitions", found.partitions.size()},
                                      {"older_than_predecessor", found.older},
                                      {"checksum", found.checksum},
                                      {"faults", found.faults}};
  return report.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace event_relay
