#include "event_relay/client/event_reader.hpp"

#include "event_relay/core/event.hpp"
#include "event_relay/core/json_text.hpp"
#include "event_relay/sse/frame.hpp"

#include <utility>

namespace event_relay::client {
namespace {

std::string member_text(std::string_view value) {
  return json_string(value).value_or("");
}

/// As the relay itself has written it; the id of another server's stream may be no number.
std::string as_frame(const stream_event& event) {
  std::string frame;
  const auto id = parse_event_id(event.id);
  sse::append_frame(frame, event.type == "message" ? "" : event.type, event.data, id ? *id : event_id{});
  return frame;
}

}  // namespace

std::string_view event_reader::media_type() const noexcept {
  const bool as_lines = format_ == event_format::lines || format_ == event_format::data;
  return as_lines ? "application/x-ndjson" : "text/event-stream";
}

std::vector<received> event_reader::read(std::string_view bytes) {
  return format_ == event_format::lines || format_ == event_format::data ? read_lines(bytes) : read_events(bytes);
}

std::vector<received> event_reader::read_lines(std::string_view bytes) {
  std::vector<received> all;
  auto searched = unread_.size();
  unread_.append(bytes);
  std::size_t begin = 0;
  for (auto end = unread_.find('\n', searched); end != std::string::npos; end = unread_.find('\n', begin)) {
    // An empty line is a heartbeat, and what is no event is not the relay's.
    if (auto one = read_line(std::string_view{unread_}.substr(begin, end - begin)); !one.id.empty())
      all.push_back(std::move(one));
    begin = end + 1;
  }
  unread_.erase(0, begin);
  return all;
}

received event_reader::read_line(std::string_view line) const {
  received one;
  const auto members = is_json(line) ? json_members(line) : std::nullopt;
  if (!members) return one;
  std::string text;
  for (const auto& [name, value] : *members) {
    if (name == "id") one.id = member_text(value);
    if (name == "type") one.type = member_text(value);
    if (name == "data") text = value;
    if (name == "text") text = member_text(value);
  }
  if (one.is_of_relay())
    one.data = std::move(text);
  else
    one.text = (format_ == event_format::lines ? std::string(line) : text) + "\n";
  return one;
}

std::vector<received> event_reader::read_events(std::string_view bytes) {
  std::vector<received> all;
  for (auto& event : parser_.read(bytes)) {
    received one{event.id, event.type, {}, {}};
    cursor_ = event.id;
    if (one.is_of_relay())
      one.data = std::move(event.data);
    else
      one.text = format_ == event_format::sse ? as_frame(event) : event.data + "\n";
    all.push_back(std::move(one));
  }
  if (parser_.last_event_id() != cursor_) {
    cursor_ = parser_.last_event_id();
    all.push_back({cursor_, "relay.cursor", {}, {}});
  }
  return all;
}

}  // namespace event_relay::client
