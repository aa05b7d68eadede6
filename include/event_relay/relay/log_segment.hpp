#pragma once

#include "event_relay/core/counters.hpp"
#include "event_relay/core/event.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <ratio>
#include <string>
#include <string_view>

namespace event_relay {

/// A run of consecutive events, already serialised: each one is an SSE frame inside an HTTP chunk, back to back, so that
/// what a subscriber lacks is usually one contiguous piece of memory. The log tail is a list of segments, a replay page
/// is one segment.
///
/// One thread appends, any number read: what lies below size() is immutable.
class log_segment {
 public:
  /// When this relay first had an event. Coarse and short, as there is one for each event in memory; differences are
  /// right for five hours.
  using moment = std::chrono::duration<std::uint32_t, std::ratio<1, 100'000>>;
  static moment moment_of(std::chrono::steady_clock::time_point time) noexcept {
    using ticks = std::chrono::duration<std::int64_t, moment::period>;
    return moment(static_cast<std::uint32_t>(std::chrono::duration_cast<ticks>(time.time_since_epoch()).count()));
  }

  static std::chrono::steady_clock::duration between(moment earlier, moment later) noexcept {
    return std::chrono::duration<std::int64_t, moment::period>(static_cast<std::int32_t>((later - earlier).count()));
  }

  struct entry {
    std::uint32_t offset = 0;      ///< of the chunk in the segment
    std::uint32_t chunk_bytes = 0; ///< frame with its chunk head and tail
    std::uint32_t aside_bytes = 0; ///< behind the chunk: what the frame cannot say, see serialise()
    topic_id topic{};
    std::uint16_t type_bytes = 0;
    std::uint16_t chunk_head_bytes = 0;
    moment had_at{};  ///< of events in the tail
    timestamp stored_at;
  };

  /// Room for events that follow `first - 1`. `held`, if given, is a gauge that shows these bytes while they live.
  log_segment(position_t first, std::size_t max_events, std::size_t max_bytes, counters::gauge* held = nullptr);
  ~log_segment();
  log_segment(const log_segment&) = delete;
  log_segment& operator=(const log_segment&) = delete;

  /// Appends the next event, whose bytes and marks serialise() made. False: no room left.
  bool append(std::string_view bytes, const entry& marks);

  position_t first() const noexcept { return first_; }
  std::size_t size() const noexcept { return size_.load(std::memory_order_acquire); }
  /// Position of the newest event; first() - 1 when there is none.
  position_t last() const noexcept { return first_ + size() - 1; }
  std::size_t memory_bytes() const noexcept;

  const entry& at(std::size_t index) const noexcept { return entries_[index]; }
  std::string_view chunk(std::size_t index) const noexcept;
  std::string_view frame(std::size_t index) const noexcept;
  std::string_view type(std::size_t index) const noexcept;
  /// As the frame has it: <epoch>-<position>.
  std::string_view id(std::size_t index) const noexcept;
  std::string_view attributes(std::size_t index) const noexcept;
  /// The data as it was published: `room` may be used to put it together.
  std::string_view data(std::size_t index, std::string& room) const;

 private:
  std::string_view aside(std::size_t index) const noexcept;

  const position_t first_;
  const std::size_t max_events_;
  const std::size_t max_bytes_;
  std::size_t used_bytes_ = 0;  // the appending thread's
  counters::gauge* const held_;
  std::unique_ptr<entry[]> entries_;
  std::unique_ptr<char[]> bytes_;
  std::atomic<std::size_t> size_{0};
};

/// Writes the chunk of an event into `bytes` (replaced), and behind it what is lost in the frame: the attributes; and after
/// a NUL, which neither contains, the data if it has a CR. Most events have nothing to put aside, so that chunks still
/// follow each other without a hole.
log_segment::entry serialise(std::string& bytes, const event_view& event, epoch_t epoch);

}  // namespace event_relay
