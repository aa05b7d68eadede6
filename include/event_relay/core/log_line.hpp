#pragma once

#include "event_relay/core/log.hpp"

#include <chrono>
#include <string>

/// How a line of the log is spelled; pure, without the line end.
namespace event_relay::log {

using time_point = std::chrono::system_clock::time_point;

/// `2024-05-01T12:00:00.123Z info listening address=127.0.0.1 port=40123`
std::string text_line(time_point time, level severity, std::string_view message, std::span<const field> fields);

/// `{"time":"2024-05-01T12:00:00.123Z","level":"info","message":"listening","address":"127.0.0.1","port":40123}`
/// A field cannot replace time, level or message. Bytes that are not UTF-8 become U+FFFD.
std::string json_line(time_point time, level severity, std::string_view message, std::span<const field> fields);

/// The text as it is when it is one plain word, else in double quotes with everything escaped that could end the value,
/// the line or move the cursor of a terminal.
std::string quoted(std::string_view text);

/// trace, debug, info, warn, error, off.
std::string_view name_of(level severity) noexcept;

}  // namespace event_relay::log
