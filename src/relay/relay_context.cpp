#include "event_relay/relay/relay_context.hpp"

#include <algorithm>

namespace event_relay {
namespace {

/// Fine enough for the shortest interval, coarse enough to cost nothing.
std::chrono::milliseconds tick_for(const stream_config& options) {
  const auto shortest = std::min(options.heartbeat, options.closed_check);
  return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

}  // namespace

relay_context::relay_context(const config& options, journal& log, counters& counts)
    : configuration(options),
      the_journal(log),
      counted(counts),
      tail(options.stream.tail_bytes, &counts),
      wheel(tick_for(options.stream)) {}

std::optional<journal_bounds> relay_context::bounds() const {
  const auto epoch = tail.epoch();
  const auto known = status.bounds();
  if (epoch == 0 || !known || known->current_epoch() != epoch) return std::nullopt;
  auto current = *known;
  current.head = std::max(tail.head(), current.floor);
  return current;
}

}  // namespace event_relay
