#include "event_relay/journal/journal.hpp"

#include <algorithm>

namespace event_relay {

epoch_t journal_bounds::epoch_of(position_t position) const noexcept {
  const auto later = std::ranges::upper_bound(epochs, position, {}, &epoch_start::first_position);
  return later == epochs.begin() ? 0 : std::prev(later)->epoch;
}

}  // namespace event_relay
