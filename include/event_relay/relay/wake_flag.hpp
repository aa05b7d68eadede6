#pragma once

#include <atomic>

namespace event_relay {

/// Set by the holder when it wakes a handler, cleared by the handler before it looks at the tail: while a handler has
/// work to do it gets no further messages, and many events cost one wake-up.
struct wake_flag {
  std::atomic<bool> notified{true};

  /// True: the handler is idle and has to be told.
  bool claim() noexcept { return !notified.exchange(true, std::memory_order_acq_rel); }
  void clear() noexcept { notified.exchange(false, std::memory_order_acq_rel); }
};

}  // namespace event_relay
