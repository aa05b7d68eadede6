#include "event_relay/relay/relay_context.hpp"

#include <algorithm>

namespace event_relay {

std::optional<journal_bounds> relay_context::bounds() const {
  const auto epoch = tail.epoch();
  const auto known = status.bounds();
  if (epoch == 0 || !known || known->current_epoch() != epoch) return std::nullopt;
  auto current = *known;
  current.head = std::max(tail.head(), current.floor);
  return current;
}

}  // namespace event_relay
