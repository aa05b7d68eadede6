#include "event_relay/client/tail_progress.hpp"

namespace event_relay::client {

parameters tail_progress::query() const {
  parameters query{{"cursor", "on"}};
  for (const auto& topic : wishes_.topics) query.emplace_back("topic", topic);
  for (const auto& type : wishes_.types) query.emplace_back("type", type);
  if (wishes_.format == event_format::cloud_events) query.emplace_back("format", "cloudevents");
  if (!wishes_.consumer.empty()) {
    query.emplace_back("consumer", wishes_.consumer);
  } else if (wishes_.limit) {
    query.emplace_back("limit", std::to_string(*wishes_.limit - printed_));
  }
  if (!cursor_.empty() && wishes_.consumer.empty()) {
    query.emplace_back("lastEventId", cursor_);
  } else {
    if (!wishes_.from.empty()) query.emplace_back("from", wishes_.from);
    if (!wishes_.since.empty()) query.emplace_back("since", wishes_.since);
  }
  return query;
}

bool tail_progress::take(const received& one) {
  if (one.type == "relay.reset" || one.type == "relay.superseded")
    newest_printed_.clear();  // what follows may be older
  if (one.is_of_relay()) {
    if (!one.id.empty() && one.type != "relay.superseded") cursor_ = one.id;
    return false;
  }
  if (is_done() || is_repetition(one.id)) return false;
  ++printed_;
  if (!one.id.empty()) cursor_ = newest_printed_ = one.id;
  return true;
}

bool tail_progress::is_repetition(const std::string& id) const {
  const auto newest = parse_event_id(newest_printed_);
  const auto that = parse_event_id(id);
  return newest && that && newest->epoch == that->epoch && that->position <= newest->position;
}

}  // namespace event_relay::client
