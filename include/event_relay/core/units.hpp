#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace event_relay {

/// Spelling of durations and sizes wherever a person reads or writes them: options, messages, the log.
///
/// A duration is a whole number directly followed by ms, s, m or h. Only zero may go without a unit: a bare 15 means
/// seconds to one reader and milliseconds to the next. Nothing on bad syntax or when it does not fit.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// A size is a whole number of bytes, or one directly followed by KiB, MiB or GiB. KB and MB are refused because
/// half of the world reads them as powers of ten. Nothing on bad syntax or when it does not fit.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// A run of decimal digits without sign, spaces or overflow.
std::optional<std::uint64_t> parse_count(std::string_view text);

/// In the largest unit that says it exactly: 90s, 2m, 250ms, 0s. The parse functions read it back.
std::string format_duration(std::chrono::milliseconds duration);
std::string format_size(std::uint64_t bytes);

}  // namespace event_relay
