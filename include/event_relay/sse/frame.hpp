#pragma once

#include "event_relay/core/event_id.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace event_relay::sse {

/// Appends one event as the WHATWG event stream format has it (HTML 9.2.5), `id` last: four clients commit the cursor
/// when they read the id line, and a cut between id and data would skip the event for ever. CR, LF and CRLF in `data`
/// all start a new `data:` line, because a client takes each for a line end and a publisher could otherwise write
/// fields of its own. An empty `type` writes no `event:` line. `type` and `data` have been checked at publish.
void append_frame(std::string& out, std::string_view type, std::string_view data, event_id id);

/// The data of such a frame, its lines joined by LF. Points into the frame if there is one line, else into `room`.
std::string_view data_of_frame(std::string_view frame, std::string& room);

/// First bytes of a stream: a comment, which makes proxies pass the response on, and the reconnection time. No blank
/// line follows: five client libraries would deliver an empty event.
std::string preamble(std::chrono::milliseconds retry);

/// Reconnection time by itself, the last words of a stream that is closed on purpose.
std::string retry_line(std::chrono::milliseconds retry);

/// A comment and one LF, again without a blank line.
inline constexpr std::string_view heartbeat = ":heartbeat\n";

}  // namespace event_relay::sse
