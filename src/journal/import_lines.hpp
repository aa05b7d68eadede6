#pragma once

#include "event_relay/journal/journal.hpp"

#include <string>
#include <string_view>

namespace event_relay {

/// The first line of an export. Both functions throw std::runtime_error that says what is wrong with the line.
struct import_header {
  journal_bounds bounds;  ///< floor: the position before the file's first event; head: that of its last
  std::string epochs;     ///< as they stand there, for the database
};

import_header parse_import_header(std::string_view line);

/// One of the other lines. An empty type, empty attributes: none.
struct import_event {
  event_id id;
  std::string topic, type, time, data, attributes;
};

import_event parse_import_event(std::string_view line);

}  // namespace event_relay
