#include "event_relay/client/open_stream.hpp"

#include <algorithm>
#include <iterator>

namespace event_relay::client {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::optional<stream_event> open_stream::next(milliseconds patience) {
  for (const auto end = clock::now() + patience; events_.empty() && ended_.empty();) {
    const auto left = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(end - clock::now()));
    try {
      if (!exchange_.wait_for_more(left)) return std::nullopt;
      const auto bytes = exchange_.read(left);
      if (bytes)
        std::ranges::move(parser_.read(*bytes), std::back_inserter(events_));
      else
        ended_ = "it was ended as if complete";
    } catch (const transfer_failure& why) {
      ended_ = why.what();
    }
  }
  if (events_.empty()) return std::nullopt;
  auto event = std::move(events_.front());
  events_.pop_front();
  return event;
}

}  // namespace event_relay::client
