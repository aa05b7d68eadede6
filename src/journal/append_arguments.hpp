#pragma once

#include "event_relay/core/event.hpp"
#include "journal/binary_array.hpp"

#include <algorithm>
#include <span>

namespace event_relay {

/// A batch as the columns that the append function takes.
struct append_arguments {
  explicit append_arguments(std::span<const new_event* const> events)
      : topics{binary_array::int4_oid, events.size()},
        types{binary_array::text_oid, events.size()},
        keys{binary_array::text_oid, events.size()},
        data{binary_array::text_oid, events.size()},
        attributes{binary_array::text_oid, has_attributes(events) ? events.size() : 0} {
    const bool with_attributes = has_attributes(events);
    for (const auto* event : events) {
      topics.add_int4(static_cast<std::uint32_t>(event->topic));
      add_optional(types, event->type);
      add_optional(keys, event->idempotency_key);
      data.add_text(event->data);
      if (with_attributes) add_optional(attributes, event->attributes);
    }
  }

  binary_array topics, types, keys, data;
  binary_array attributes;  // empty when no event has any

 private:
  static bool has_attributes(std::span<const new_event* const> events) {
    return std::ranges::any_of(events, [](const auto* event) { return !event->attributes.empty(); });
  }

  static void add_optional(binary_array& column, std::string_view text) {
    if (text.empty())
      column.add_null();
    else
      column.add_text(text);
  }
};

}  // namespace event_relay
