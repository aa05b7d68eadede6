#include "event_relay/sse/last_event_id.hpp"

#include <algorithm>

namespace event_relay::sse {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The one value that all non-empty entries agree on; empty when there is none.
result<std::string_view> sole_value(std::span<const std::string> values) {
  std::string_view sole;
  for (const auto& value : values) {
    const auto text = trimmed(value);
    if (text.empty()) continue;
    if (!sole.empty() && sole != text) return errc::conflicting_event_ids;
    sole = text;
  }
  return sole;
}

result<start_point> parse_from(std::string_view from) {
  if (from.empty() || from == "latest") return start_point{start_live{}};
  if (from == "earliest") return start_point{start_earliest{}};
  auto start = parse_start(from);
  if (std::holds_alternative<start_malformed>(start)) return errc::bad_parameter;
  return start;
}

}  // namespace

std::string text_of(const start_point& start) {
  if (const auto* id = std::get_if<start_after>(&start)) return id->text;
  if (const auto* malformed = std::get_if<start_malformed>(&start)) return malformed->text;
  return {};
}

start_point parse_start(std::string_view last_event_id) {
  const auto text = trimmed(last_event_id);
  if (text.empty()) return start_live{};
  if (const auto position = parse_position(text)) return start_after{std::nullopt, *position, std::string(text)};
  if (const auto id = parse_event_id(text)) return start_after{id->epoch, id->position, std::string(text)};
  return start_malformed{std::string(text)};
}

result<start_point> choose_start(std::span<const std::string> headers, std::span<const std::string> queries,
                                 std::span<const std::string> from) {
  for (const auto& place : {headers, queries}) {
    const auto value = sole_value(place);
    if (!value) return value.error();
    if (!value->empty()) return parse_start(*value);
  }
  const auto value = sole_value(from);
  if (!value) return errc::bad_parameter;
  return parse_from(*value);
}

}  // namespace event_relay::sse
