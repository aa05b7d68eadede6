#pragma once

#include "event_relay/core/event.hpp"
#include "event_relay/relay/log_segment.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>

namespace event_relay {

/// What log_tail::read_after() found.
struct tail_window {
  enum class place {
    inside,   ///< `segments` hold what follows the position, oldest first
    at_head,  ///< nothing follows yet
    behind,   ///< the tail begins later: read the journal
    closed,   ///< the journal was not opened yet: there is no tail
  };
  place where = place::closed;
  epoch_t epoch = 0;  ///< the history that the answer is about
  std::size_t count = 0;
  std::array<std::shared_ptr<const log_segment>, 4> segments;
};

/// The newest part of the journal in memory, shared by all subscribers, who each hold nothing but a position in it.
///
/// Appended to by the tailer and by the writer (whichever has an event first), read by every handler. Thread-safe.
class log_tail {
 public:
  /// Oldest segments go when there are more than `max_bytes` in all; the newest always stays.
  explicit log_tail(std::size_t max_bytes, counters* counted = nullptr);

  /// Begins a history: nothing is in memory, `head` is the newest position. Also after a history was cut off.
  void restart(epoch_t epoch, position_t head);

  /// Goes on in another epoch with what is there, when none of it was lost.
  void continue_in(epoch_t epoch);

  /// Appends consecutive events of the journal. Those that are in already are passed over, so that two sources may
  /// bring the same ones. False, with nothing appended: they do not follow the head, or are of another epoch.
  bool append(epoch_t epoch, std::span<const event_view> events);

  tail_window read_after(position_t position) const;

  /// Position of the newest event, also when none is in memory.
  position_t head() const noexcept { return head_.load(std::memory_order_acquire); }
  /// 0 while closed.
  epoch_t epoch() const noexcept { return epoch_.load(std::memory_order_acquire); }

 private:
  void append_one(const event_view& event, std::chrono::steady_clock::time_point had_at);
  void start_segment(position_t first, std::size_t bytes);

  const std::size_t max_bytes_;
  counters* const counted_;
  std::mutex append_mutex_;  // one appender at a time; frames are serialised under it, while readers go on
  std::string bytes_of_event_;        // guarded by append_mutex_
  mutable std::mutex list_mutex_;  // held for a few instructions
  std::deque<std::shared_ptr<log_segment>> segments_;  // guarded by list_mutex_
  std::size_t bytes_ = 0;                              // of all segments; guarded by list_mutex_
  std::atomic<position_t> head_{0};
  std::atomic<epoch_t> epoch_{0};
};

}  // namespace event_relay
