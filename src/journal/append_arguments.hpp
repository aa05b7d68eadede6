#pragma once

#include "event_relay/core/event.hpp"
#include "journal/binary_array.hpp"

#include <span>

namespace event_relay {

/// A batch as the columns that the append function takes.
struct append_arguments {
  explicit append_arguments(std::span<const new_event* const> events)
      : topics{binary_array::int4_oid, events.size()},
        types{binary_array::text_oid, events.size()},
        keys{binary_array::text_oid, events.size()},
        data{binary_array::text_oid, events.size()} {
    for (const auto* event : events) {
      topics.add_int4(static_cast<std::uint32_t>(event->topic));
      add_optional(types, event->type);
      add_optional(keys, event->idempotency_key);
      data.add_text(event->data);
    }
  }

  binary_array topics, types, keys, data;

 private:
  static void add_optional(binary_array& column, std::string_view text) {
    if (text.empty())
      column.add_null();
    else
      column.add_text(text);
  }
};

}  // namespace event_relay
