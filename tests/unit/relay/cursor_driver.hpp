#pragma once

#include "event_relay/relay/cursor.hpp"
#include "support/sample_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace event_relay::test {

/// A cursor with the socket it writes to: takes as many bytes as it is told to, and keeps them.
class cursor_driver {
 public:
  static constexpr auto everything = std::numeric_limits<std::size_t>::max();

  cursor_driver(const log_tail& tail, std::shared_ptr<const filter> wanted, sse::body_framing framing,
                const stream_form& form = {})
      : moving{tail, topics, std::move(wanted), form, framing} {}

  /// One gather write of at most `room` bytes. What the cursor needed; `received` has grown if it was a write.
  cursor::need step(std::size_t room = everything) {
    write_plan plan;
    const auto needed = moving.next(plan);
    if (needed != cursor::need::write) {
      EXPECT_EQ(plan.bytes(), 0u);
      return needed;
    }
    EXPECT_GT(plan.bytes(), 0u);
    const auto taken = std::min(room, plan.bytes());
    auto left = taken;
    for (const auto& buffer : plan.buffers()) {
      const auto bytes = std::min(left, buffer.iov_len);
      received.append(static_cast<const char*>(buffer.iov_base), bytes);
      left -= bytes;
    }
    const auto went_out = moving.wrote(plan, taken);
    events += went_out;
    if (plan.is_replay()) replayed += went_out;
    return needed;
  }

  /// Writes until nothing is left to write or a page is needed.
  cursor::need run(std::size_t room = everything) {
    for (;;)
      if (const auto needed = step(room); needed != cursor::need::write) return needed;
  }

  /// The same, with pages of the log where the cursor asks for them.
  void catch_up(const sample_log& log, std::size_t page_events = 3, std::size_t room = everything) {
    while (run(room) == cursor::need::page) moving.take_page(log.page(moving.position(), page_events));
  }

  journal_status topics;
  cursor moving;
  std::string received;
  std::size_t events = 0;    ///< that have gone out, as the cursor counts them
  std::size_t replayed = 0;  ///< those of them that came from pages
};

}  // namespace event_relay::test
