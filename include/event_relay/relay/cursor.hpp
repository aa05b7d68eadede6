#pragma once

#include "event_relay/core/filter.hpp"
#include "event_relay/relay/event_encoder.hpp"
#include "event_relay/relay/log_tail.hpp"
#include "event_relay/sse/chunk.hpp"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace event_relay {

/// One gather write, from cursor::next() to cursor::wrote(). Lives on the stack of who writes; keeps the memory it
/// points to alive.
class write_plan {
 public:
  static constexpr std::size_t max_buffers = 64;
  static constexpr std::size_t max_bytes = 512 * 1024;

  std::span<const iovec> buffers() const noexcept { return {buffers_.data(), count_}; }
  std::size_t bytes() const noexcept { return bytes_; }
  /// The events are of a page of the journal, and not of the tail.
  bool is_replay() const noexcept { return replays_; }
  /// When this relay first had the oldest of its events, if they are of the tail.
  log_segment::moment had_at() const noexcept {
    return runs_[0].segment ? runs_[0].segment->at(runs_[0].begin).had_at : had_at_;
  }

 private:
  friend class cursor;

  // Consecutive events of one segment that are one buffer.
  struct run {
    const log_segment* segment = nullptr;
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  bool full() const noexcept { return count_ == max_buffers || bytes_ >= max_bytes; }
  void add(std::string_view buffer, run events);

  std::array<iovec, max_buffers> buffers_;
  std::array<run, max_buffers> runs_;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::size_t encoded_ = 0;  // events that next() put into the cursor's own store
  bool replays_ = false;
  log_segment::moment had_at_{};  // of the first that next() put into the cursor's own store
  position_t scanned_to_ = 0;
  tail_window window_;  // or a page, as its only segment
};

/// A subscriber's place in the journal, and what it takes to move it on: the whole of a stream but its socket.
///
/// It owns no events. It reads the log tail while its position is inside, and asks for pages of the journal while it is
/// not: replay, live and catching up are the same thing. It holds at most one page and the rest of one frame.
/// Not thread-safe.
class cursor {
 public:
  enum class need {
    write,   ///< the plan has something to write; then wrote()
    page,    ///< a page of the journal after position(); then take_page()
    wait,    ///< at the head: wait for the tail to grow
    end,     ///< the stream's own bounds are reached
    enter,   ///< the tail follows another history than the cursor: find out where it goes on there, and enter() it
  };

  cursor(const log_tail& tail, const journal_status& topics, std::shared_ptr<const filter> wanted,
         const stream_form& form, sse::body_framing framing);

  /// Which history the position is of. At first none: then whichever the tail follows.
  void enter(epoch_t epoch) noexcept { epoch_ = epoch; }
  epoch_t epoch() const noexcept { return epoch_; }

  /// Everything up to `position` counts as written.
  void move_to(position_t position) noexcept;

  /// Bytes of our own (head, preamble) that go out before any further event, as they are.
  void queue(std::string_view bytes) { pending_ += bytes; }
  /// The same inside of the body.
  void say(std::string_view words);
  /// A word of the relay (event_encoder::control), with the place that the cursor has.
  void say_control(std::string_view type, std::string_view body, event_id place);
  /// Tells the subscriber that it need not come back for anything up to position().
  void tell_position();
  /// The subscriber has brought the position itself.
  void knows_position() noexcept { told_ = position_; }
  /// How far position() is ahead of the last id that was told, or will be by what is queued.
  position_t untold() const noexcept { return position_ - std::min(told_, position_); }

  need next(write_plan& plan);
  /// Returns how many events went out with these bytes, one that was cut included.
  std::size_t wrote(const write_plan& plan, std::size_t bytes);

  /// The segment must start right after position(); empty ones are ignored.
  void take_page(std::shared_ptr<const log_segment> page) noexcept { page_ = std::move(page); }
  /// Gives memory back while the subscriber does not read; the page will be asked for again.
  void drop_page() noexcept { page_.reset(); }
  bool holds_page() const noexcept { return page_ != nullptr; }

  /// Events and words of the relay handed out so far, when the form has bounds.
  std::uint64_t delivered() const noexcept { return bounds_ ? bounds_->delivered : 0; }
  /// What its pages must have.
  bool needs_metadata() const noexcept { return !encoder_.takes_frames() || (bounds_ && bounds_->until); }
  const event_encoder& words() const noexcept { return encoder_; }

  /// Nothing matching was missed up to here.
  position_t position() const noexcept { return position_; }
  /// No frame is half written: the place to close, or to put a heartbeat.
  bool on_frame_boundary() const noexcept { return pending_.empty(); }

 private:
  struct bounds {
    std::optional<std::uint64_t> limit;
    std::optional<timestamp> until;
    std::uint64_t delivered = 0;
    std::uint64_t events = 0;  // of these; what the limit counts
    bool reached = false;
  };

  std::optional<need> look(write_plan& plan);
  bool wants(const log_segment& segment, std::size_t index) const;
  bool plan_events(write_plan& plan, const log_segment& segment) const;
  bool encode_events(write_plan& plan, const log_segment& segment);
  bool is_out_of_bounds(const log_segment& segment, std::size_t index);
  std::string_view on_wire(const log_segment& segment, std::size_t index) const noexcept;
  std::size_t keep_rest(const write_plan& plan, std::size_t bytes);

  const log_tail& tail_;
  std::shared_ptr<const filter> wanted_;  // null: everything
  const event_encoder encoder_;
  std::unique_ptr<bounds> bounds_;  // null: none
  const sse::body_framing framing_;
  bool pending_replays_ = false;  // pending_ has, or ends with, events of a page
  epoch_t epoch_ = 0;
  position_t position_ = 0;
  position_t told_ = 0;  // by the newest id on the wire or in pending_
  std::string pending_;
  std::shared_ptr<const log_segment> page_;
};

}  // namespace event_relay
