#pragma once

#include "event_relay/core/error.hpp"
#include "event_relay/core/event_id.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace event_relay::sse {

/// Where a subscriber wants to start.
struct start_live {
  epoch_t epoch = 0;       ///< 0: behind whatever is newest when the stream begins
  position_t position = 0;  ///< newest event when the client was answered
};
struct start_earliest {};
struct start_after {
  std::optional<epoch_t> epoch;  ///< none: the id was a bare position, taken to be of the current epoch
  position_t position = 0;
  std::string text;              ///< as the client wrote it
};
struct start_malformed {
  std::string text;
};
using start_point = std::variant<start_live, start_earliest, start_after, start_malformed>;

/// The id as the client wrote it; empty when it brought none.
std::string text_of(const start_point& start);

/// Reads an id as clients bring it back: surrounding blanks are ignored, nothing left means live. What is no id is not
/// an error here: an EventSource would give up for good, so it is told of a gap in the stream (reset_frame).
start_point parse_start(std::string_view last_event_id);

/// Decides between what the request carries. A header beats the query: a browser reconnects to its old URL and adds
/// the fresh header. `from` (earliest, latest or an id) is weakest. Errors: `errc::conflicting_event_ids` when one
/// place has two different values, `errc::bad_parameter` when `from` is neither a word it knows nor an id.
result<start_point> choose_start(std::span<const std::string> headers, std::span<const std::string> queries,
                                 std::span<const std::string> from);

}  // namespace event_relay::sse
