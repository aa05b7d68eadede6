#include "event_relay/core/filter.hpp"

#include <algorithm>

namespace event_relay {

bool filter::wants_topic(topic_id topic) const noexcept {
  return topics.empty() || std::ranges::find(topics, topic) != topics.end();
}

bool filter::wants(topic_id topic, std::string_view type) const noexcept {
  if (!wants_topic(topic)) return false;
  if (types.empty()) return true;
  const auto name = type.empty() ? default_event_type : type;
  return std::ranges::find(types, name) != types.end();
}

}  // namespace event_relay
