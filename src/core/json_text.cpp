#include "event_relay/core/json_text.hpp"

#include <nlohmann/json.hpp>

namespace event_relay {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Where the string that begins here ends, behind its quote.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

/// Cuts what stands between the brackets at the commas that are not inside of something.
std::vector<std::string_view> parts_of(std::string_view bracketed) {
  std::vector<std::string_view> parts;
  const auto inside = bracketed.substr(1, bracketed.size() - 2);
  if (trimmed(inside).empty()) return parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at < inside.size();) {
    const char c = inside[at];
    if (c == '"') {
      at = end_of_string(inside, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      parts.push_back(trimmed(inside.substr(begin, at - begin)));
      begin = at + 1;
    }
    ++at;
  }
  parts.push_back(trimmed(inside.substr(begin)));
  return parts;
}

}  // namespace

std::optional<std::vector<std::pair<std::string, std::string_view>>> json_members(std::string_view object) {
  object = trimmed(object);
  if (!object.starts_with('{')) return std::nullopt;
  std::vector<std::pair<std::string, std::string_view>> members;
  for (const auto part : parts_of(object)) {
    const auto end = end_of_string(part, 0);
    members.emplace_back(*json_string(part.substr(0, end)), trimmed(part.substr(part.find(':', end) + 1)));
  }
  return members;
}

std::optional<std::vector<std::string_view>> json_elements(std::string_view array) {
  array = trimmed(array);
  if (!array.starts_with('[')) return std::nullopt;
  return parts_of(array);
}

std::optional<std::string> json_string(std::string_view value) {
  if (!value.starts_with('"')) return std::nullopt;
  return nlohmann::json::parse(value).get<std::string>();
}

std::string to_json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace event_relay
