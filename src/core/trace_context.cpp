#include "event_relay/core/trace_context.hpp"

#include "event_relay/core/json_text.hpp"

#include <algorithm>
#include <ranges>
#include <set>
#include <vector>

namespace event_relay {
namespace {

constexpr std::string_view parent_name = "traceparent";
constexpr std::string_view state_name = "tracestate";

constexpr std::size_t parent_size = 55;  // 2 of version, 32, 16 and 2 digits, and three hyphens
constexpr std::size_t most_members = 32;
constexpr std::size_t longest_state = 512;
constexpr std::size_t long_member = 128;  // goes first where a state is too long (3.3.1.5)

bool is_lower_hex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view digits) {
  return digits.find_first_not_of('0') == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string> read_parent(std::string_view text) {
  text = trimmed(text);
  if (text.size() < parent_size || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  const auto version = text.substr(0, 2), trace = text.substr(3, 32), span = text.substr(36, 16),
             flags = text.substr(53, 2);
  for (const auto part : {version, trace, span, flags})
    if (!is_lower_hex(part)) return std::nullopt;
  if (version == "ff" || is_zero(trace) || is_zero(span)) return std::nullopt;
  if (version == "00") return text.size() == parent_size ? std::optional<std::string>(text) : std::nullopt;
  if (text.size() > parent_size && text[parent_size] != '-') return std::nullopt;
  // Of a later version nothing is known but that this much stayed, and that the last bit says whether it is sampled.
  const bool sampled = std::string_view("13579bdf").find(flags[1]) != std::string_view::npos;
  return std::string("00").append(text.substr(2, 51)).append(sampled ? "01" : "00");
}

/// Lower-case letters, digits and _-*/; one @ in it separates a tenant from its system.
bool is_state_key(std::string_view key) {
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto allowed = [&](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
  };
  const auto at = key.find('@');
  const auto tenant = key.substr(0, at);
  if (tenant.empty() || !std::ranges::all_of(tenant, allowed)) return false;
  if (at == std::string_view::npos) return is_letter(tenant[0]) && tenant.size() <= 256;
  const auto system = key.substr(at + 1);
  return (is_letter(tenant[0]) || is_digit(tenant[0])) && tenant.size() <= 241 && !system.empty() &&
         system.size() <= 14 && is_letter(system[0]) && std::ranges::all_of(system, allowed);
}

bool is_state_value(std::string_view value) {
  const auto allowed = [](char c) { return c >= 0x20 && c <= 0x7e && c != ',' && c != '='; };
  return !value.empty() && value.size() <= 256 && value.back() != ' ' && std::ranges::all_of(value, allowed);
}

/// Members as they stand, empty ones left out. Nothing: a rule is broken.
std::optional<std::vector<std::string_view>> read_members(std::string_view state) {
  std::vector<std::string_view> members;
  std::set<std::string_view> keys;
  for (const auto part : std::views::split(state, ',')) {
    const auto member = trimmed({part.begin(), part.end()});
    if (member.empty()) continue;
    const auto equals = member.find('=');
    if (equals == std::string_view::npos || members.size() == most_members) return std::nullopt;
    const auto key = member.substr(0, equals);
    if (!is_state_key(key) || !is_state_value(member.substr(equals + 1)) || !keys.insert(key).second)
      return std::nullopt;
    members.push_back(member);
  }
  return members;
}

std::string read_state(std::span<const std::string> lines) {
  std::string joined;
  for (const auto& line : lines) joined.append(joined.empty() ? "" : ",").append(line);
  auto members = read_members(joined);
  if (!members) return {};
  const auto size = [&members] {
    std::size_t bytes = 0;
    for (const auto member : *members) bytes += member.size() + 1;
    return bytes == 0 ? 0 : bytes - 1;
  };
  if (size() > longest_state)
    std::erase_if(*members, [](std::string_view member) { return member.size() > long_member; });
  while (size() > longest_state) members->pop_back();
  std::string state;
  for (const auto member : *members) state.append(state.empty() ? "" : ",").append(member);
  return state;
}

}  // namespace

std::optional<trace_context> read_trace_context(std::span<const std::string> traceparents,
                                                std::span<const std::string> tracestates) {
  if (traceparents.size() != 1) return std::nullopt;
  auto parent = read_parent(traceparents.front());
  if (!parent) return std::nullopt;
  return trace_context{std::move(*parent), read_state(tracestates)};
}

std::string with_trace(std::string attributes, const trace_context& trace) {
  if (!attributes.empty()) {
    const auto members = json_members(attributes);
    if (std::ranges::any_of(*members, [](const auto& member) { return is_trace_attribute(member.first); }))
      return attributes;
    attributes.erase(attributes.rfind('}'));
    if (!members->empty()) attributes += ',';
  } else {
    attributes = "{";
  }
  attributes.append("\"traceparent\":\"").append(trace.parent).append("\"");
  if (!trace.state.empty()) attributes.append(",\"tracestate\":").append(to_json_string(trace.state));
  return attributes += '}';
}

bool is_trace_attribute(std::string_view name) noexcept {
  return name == parent_name || name == state_name;
}

}  // namespace event_relay
