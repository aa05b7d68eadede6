#pragma once

#include "event_relay/core/event.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace event_relay {

/// Which events a subscriber wants: any of the topics and any of the types. An empty list wants them all.
struct filter {
  std::vector<topic_id> topics;
  std::vector<std::string> types;

  bool wants_everything() const noexcept { return topics.empty() && types.empty(); }
  bool wants_topic(topic_id topic) const noexcept;
  bool wants(topic_id topic, std::string_view type) const noexcept;
};

/// An event without a type is dispatched by EventSource as "message" (WHATWG 9.2.6), so that name selects it.
inline constexpr std::string_view default_event_type = "message";

}  // namespace event_relay
