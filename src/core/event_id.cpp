#include "event_relay/core/event_id.hpp"

#include <charconv>
#include <limits>

namespace event_relay {
namespace {

template <class Number>
result<Number> parse_digits(std::string_view text) {
  // from_chars alone would take a leading minus for signed types; PostgreSQL's bigint bounds the position.
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return errc::bad_event_id;
  return value;
}

}  // namespace

std::string to_string(event_id id) {
  return std::to_string(id.epoch) + '-' + std::to_string(id.position);
}

result<position_t> parse_position(std::string_view text) {
  auto position = parse_digits<position_t>(text);
  if (position && *position > static_cast<position_t>(std::numeric_limits<std::int64_t>::max()))
    return errc::bad_event_id;
  return position;
}

result<event_id> parse_event_id(std::string_view text) {
  const auto hyphen = text.find('-');
  if (hyphen == std::string_view::npos) return errc::bad_event_id;
  const auto epoch = parse_digits<epoch_t>(text.substr(0, hyphen));
  const auto position = parse_position(text.substr(hyphen + 1));
  if (!epoch || !position) return errc::bad_event_id;
  return event_id{*epoch, *position};
}

}  // namespace event_relay
