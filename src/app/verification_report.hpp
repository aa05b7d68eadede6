#pragma once

#include "event_relay/journal/verification.hpp"

#include <string>

namespace event_relay {

/// For a person. Ends with a line end.
std::string text_report(const verification& found);

/// One JSON object on one line.
std::string json_report(const verification& found);

}  // namespace event_relay
