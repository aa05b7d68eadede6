#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace event_relay {

/// Wall-clock time as the journal keeps it. The epoch itself (1970) stands for "not known".
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// RFC 3339 in UTC with six digits of the second: 2026-11-24T09:30:00.000000Z.
std::string format_timestamp(timestamp time);

/// RFC 3339 (section 5.6) with any offset; digits of the second beyond the sixth are cut off. Nothing on bad syntax or a
/// day that does not exist. A leap second counts as the first instant of the next minute.
std::optional<timestamp> parse_timestamp(std::string_view text);

}  // namespace event_relay
