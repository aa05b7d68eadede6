#include "event_relay/client/event_stream_parser.hpp"

#include "event_relay/core/units.hpp"

#include <utility>

namespace event_relay::client {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

}  // namespace

std::vector<stream_event> event_stream_parser::read(std::string_view bytes) {
  std::vector<stream_event> events;
  unread_.append(bytes);
  if (is_at_start_) {
    if (unread_.size() < byte_order_mark.size() && byte_order_mark.starts_with(unread_)) return events;
    if (unread_.starts_with(byte_order_mark)) unread_.erase(0, byte_order_mark.size());
    is_at_start_ = false;
  }
  std::string_view left = unread_;
  while (!left.empty()) {
    if (std::exchange(after_return_, false) && left.front() == '\n') {
      left.remove_prefix(1);
      continue;
    }
    const auto end = left.find_first_of("\r\n");
    if (end == std::string_view::npos) break;
    after_return_ = left[end] == '\r';
    interpret(left.substr(0, end), events);
    left.remove_prefix(end + 1);
  }
  unread_.erase(0, unread_.size() - left.size());
  return events;
}

void event_stream_parser::interpret(std::string_view line, std::vector<stream_event>& events) {
  if (line.empty()) return dispatch(events);
  const auto colon = line.find(':');
  if (colon == 0) {
    ++comments_;
  } else if (colon == std::string_view::npos) {
    field(line, {});
  } else {
    auto value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(line.substr(0, colon), value);
  }
}

void event_stream_parser::field(std::string_view name, std::string_view value) {
  if (name == "event") block_.type = value;
  if (name == "data") block_.data.append(value).push_back('\n');
  if (name == "id" && value.find('\0') == std::string_view::npos) block_.id = value;
  if (name != "retry") return;
  if (const auto count = parse_count(value); count && *count <= 86'400'000) retry_ = std::chrono::milliseconds(*count);
}

void event_stream_parser::dispatch(std::vector<stream_event>& events) {
  last_event_id_ = block_.id;
  if (!block_.data.empty()) {
    block_.data.pop_back();
    events.push_back({block_.type.empty() ? "message" : block_.type, std::move(block_.data), block_.id});
  }
  block_.type.clear();
  block_.data.clear();
}

}  // namespace event_relay::client
