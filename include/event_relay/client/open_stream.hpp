#pragma once

#include "event_relay/client/event_stream_parser.hpp"
#include "event_relay/client/http_exchange.hpp"

#include <chrono>
#include <deque>
#include <optional>

namespace event_relay::client {

/// An event stream that is read while other things are done.
class open_stream {
 public:
  explicit open_stream(http_request request) : exchange_(std::move(request)) {}

  const http_head& head(std::chrono::milliseconds patience) { return exchange_.head(patience); }

  /// Whether a first byte of the body has come within the time.
  bool has_begun(std::chrono::milliseconds patience) { return exchange_.wait_for_more(patience); }

  /// The next event within the time; nothing: none came, or the stream has ended.
  std::optional<stream_event> next(std::chrono::milliseconds patience);

  /// Heartbeats, and the comment at its beginning.
  std::size_t comments() const noexcept { return parser_.comments(); }

  /// Why there will be no more; empty: there may be.
  const std::string& ended() const noexcept { return ended_; }

 private:
  http_exchange exchange_;
  event_stream_parser parser_;
  std::deque<stream_event> events_;
  std::string ended_;
};

}  // namespace event_relay::client
