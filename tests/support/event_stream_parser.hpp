#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace event_relay::test {

struct dispatched_event {
  std::string type;
  std::string data;
  std::string last_event_id;

  friend bool operator==(const dispatched_event&, const dispatched_event&) = default;
};

/// The event stream interpretation of the HTML standard (9.2.6), to the letter and not a word more: what a browser
/// makes of the bytes of a whole stream. What no blank line has ended is thrown away, as the standard has it.
class event_stream_parser {
 public:
  explicit event_stream_parser(std::string_view stream) {
    if (stream.starts_with("\xef\xbb\xbf")) stream.remove_prefix(3);
    for (;;) {
      const auto end = stream.find_first_of("\r\n");
      if (end == std::string_view::npos) return;
      interpret(stream.substr(0, end));
      stream.remove_prefix(end + (stream.substr(end, 2) == "\r\n" ? 2 : 1));
    }
  }

  std::vector<dispatched_event> events;
  std::optional<std::string> reconnection_time;
  std::vector<std::string> comments;
  std::string last_event_id;

 private:
  void interpret(std::string_view line) {
    if (line.empty()) return dispatch();
    const auto colon = line.find(':');
    if (colon == 0) return comments.emplace_back(line.substr(1)), void();
    if (colon == std::string_view::npos) return field(line, {});
    auto value = line.substr(colon + 1);
    if (value.starts_with(' ')) value.remove_prefix(1);
    field(line.substr(0, colon), value);
  }

  void field(std::string_view name, std::string_view value) {
    if (name == "event") type_buffer_ = value;
    if (name == "data") data_buffer_.append(value).push_back('\n');
    if (name == "id" && value.find('\0') == std::string_view::npos) id_buffer_ = value;
    if (name == "retry" && std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }))
      reconnection_time = value;
  }

  void dispatch() {
    last_event_id = id_buffer_;
    if (data_buffer_.empty()) return type_buffer_.clear();
    data_buffer_.pop_back();
    events.push_back({type_buffer_.empty() ? "message" : type_buffer_, data_buffer_, last_event_id});
    data_buffer_.clear();
    type_buffer_.clear();
  }

  std::string type_buffer_;
  std::string data_buffer_;
  std::string id_buffer_;
};

}  // namespace event_relay::test
