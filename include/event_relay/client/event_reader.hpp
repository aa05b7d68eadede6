#pragma once

#include "event_relay/client/event_stream_parser.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace event_relay::client {

/// How events are printed, which decides how they are read.
enum class event_format {
  lines,         ///< a JSON object a line: id, topic, type, time and data
  data,          ///< what was published, a line each
  sse,           ///< as Server-Sent Events
  cloud_events,  ///< a CloudEvent a line
};

/// Something that a stream has said.
struct received {
  std::string id;    ///< the relay's
  std::string type;  ///< relay.* is the relay's own word; empty: none
  std::string data;  ///< of the relay's own word
  std::string text;  ///< what is to be printed, with its line end; empty for the relay's own word

  bool is_of_relay() const { return type.starts_with("relay."); }
};

/// One stream, in the form that suits the format.
class event_reader {
 public:
  explicit event_reader(event_format format) : format_(format) {}

  /// For the request's Accept.
  std::string_view media_type() const noexcept;

  /// What these bytes have completed. A cursor without an event has the type relay.cursor.
  std::vector<received> read(std::string_view bytes);

 private:
  std::vector<received> read_lines(std::string_view bytes);
  std::vector<received> read_events(std::string_view bytes);
  received read_line(std::string_view line) const;

  event_format format_;
  event_stream_parser parser_;
  std::string cursor_;  ///< the newest id that read_events() has told
  std::string unread_;  ///< begins with the line that has not ended yet
};

}  // namespace event_relay::client
