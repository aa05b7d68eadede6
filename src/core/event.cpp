#include "event_relay/core/event.hpp"

#include "event_relay/core/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace event_relay {
namespace {

bool is_topic_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == ':' || c == '-';
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool is_reserved(std::string_view type) {
  // An EventSource fires "open" and "error" for the connection itself; "relay.*" is this relay's own vocabulary.
  return type == "open" || type == "error" || type.starts_with("relay.");
}

}  // namespace

result<void> check_topic_name(std::string_view name) {
  if (name.empty() || name.size() > max_topic_bytes || !std::ranges::all_of(name, is_topic_character))
    return errc::bad_topic;
  return {};
}

result<void> check_event_type(std::string_view type) {
  // A line break here would let a publisher write SSE fields of its own into every subscriber's stream.
  if (type.empty() || type.size() > max_type_bytes || type.front() == ' ' || type.back() == ' ' ||
      std::ranges::any_of(type, is_control) || !is_valid_utf8(type))
    return errc::bad_event_type;
  if (is_reserved(type)) return errc::reserved_event_type;
  return {};
}

result<void> check_idempotency_key(std::string_view key) {
  const auto printable = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (key.empty() || key.size() > max_idempotency_key_bytes || !std::ranges::all_of(key, printable))
    return errc::bad_idempotency_key;
  return {};
}

result<void> check_text(std::string_view data) {
  if (data.find('\0') != std::string_view::npos) return errc::data_contains_nul;
  if (!is_valid_utf8(data)) return errc::data_is_not_utf8;
  return {};
}

bool is_json(std::string_view data) {
  // The library passes over a byte order mark; JSON has none (RFC 8259 8.1), and JSON.parse() of a client throws.
  return !data.starts_with("\xef\xbb\xbf") && nlohmann::json::accept(data);
}

result<void> check_json(std::string_view data) {
  if (auto text = check_text(data); !text) return text;
  if (!is_json(data)) return errc::data_is_not_json;
  return {};
}

}  // namespace event_relay
