#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace event_relay::client {

struct stream_event {
  std::string type;  ///< "message" if the stream named none
  std::string data;
  std::string id;

  friend bool operator==(const stream_event&, const stream_event&) = default;
};

/// The event stream interpretation of the HTML standard (9.2.6), of bytes that come in pieces.
class event_stream_parser {
 public:
  /// The events that these bytes have completed.
  std::vector<stream_event> read(std::string_view bytes);

  /// The id that the next `Last-Event-ID` has to carry; a block of an id alone moves it too.
  const std::string& last_event_id() const noexcept { return last_event_id_; }

  /// Comment lines so far: the heartbeats.
  std::size_t comments() const noexcept { return comments_; }

  /// What the stream has said last of how long to wait before coming back.
  std::optional<std::chrono::milliseconds> retry() const noexcept { return retry_; }

 private:
  void interpret(std::string_view line, std::vector<stream_event>& events);
  void field(std::string_view name, std::string_view value);
  void dispatch(std::vector<stream_event>& events);

  std::string unread_;         ///< begins with the line that has not ended yet
  bool is_at_start_ = true;    ///< where a byte order mark may be
  bool after_return_ = false;  ///< a line feed that comes now belongs to the line end before it
  stream_event block_;
  std::string last_event_id_;
  std::size_t comments_ = 0;
  std::optional<std::chrono::milliseconds> retry_;
};

}  // namespace event_relay::client
