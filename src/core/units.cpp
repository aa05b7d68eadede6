#include "event_relay/core/units.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <span>

namespace event_relay {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

// Largest first: formatting takes the first that divides evenly.
constexpr std::array<unit, 4> duration_units{{{"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<unit, 4> size_units{{{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"", 1}}};

constexpr auto largest_duration = static_cast<std::uint64_t>(std::chrono::milliseconds::max().count());

std::optional<std::uint64_t> parse(std::string_view text, std::span<const unit> units, std::uint64_t largest) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_count(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const auto& candidate : units) {
    if (candidate.name != text.substr(digits)) continue;
    if (*number > largest / candidate.factor) return std::nullopt;
    return *number * candidate.factor;
  }
  return std::nullopt;
}

std::string format(std::uint64_t amount, std::span<const unit> units) {
  for (const auto& candidate : units)
    if (amount != 0 && amount % candidate.factor == 0)
      return std::to_string(amount / candidate.factor).append(candidate.name);
  return "0";
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0") return std::chrono::milliseconds{0};
  const auto count = parse(text, duration_units, largest_duration);
  if (!count) return std::nullopt;
  return std::chrono::milliseconds{static_cast<std::chrono::milliseconds::rep>(*count)};
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  return parse(text, size_units, std::numeric_limits<std::uint64_t>::max());
}

std::string format_duration(std::chrono::milliseconds duration) {
  if (duration.count() == 0) return "0s";
  if (duration.count() < 0) return std::to_string(duration.count()) + "ms";
  return format(static_cast<std::uint64_t>(duration.count()), duration_units);
}

std::string format_size(std::uint64_t bytes) {
  return format(bytes, size_units);
}

}  // namespace event_relay
