#pragma once

#include "event_relay/relay/timer_wheel.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

namespace event_relay {

/// What a connection handler is reminded of.
enum class turn : std::uint8_t { heartbeat, closed_check, max_age, time_limit, drain };

/// Where a handler asks to be reminded: it will get the turn as a message, not before about `delay` is over.
class reminders {
 public:
  virtual ~reminders() = default;
  virtual void remind(turn what, std::uint64_t handler, std::chrono::milliseconds delay) = 0;
};

/// The timers of all connections. A handler schedules from its own thread: asking the holder by message cost three
/// messages for each connection that comes, and one for each heartbeat. The holder hands out what is due.
///
/// remind() is thread-safe; advance() is the holder's.
class reminder_wheel final : public reminders {
 public:
  // 8 bytes, as every connection has three of them.
  struct reminder {
    reminder(std::uint64_t of, turn when) noexcept : handler(of & 0xFF'FFFF'FFFF'FFFF), what(when) {}
    std::uint64_t handler : 56;  // by number: a timer keeps no handler alive
    turn what : 8;
  };

  explicit reminder_wheel(std::chrono::milliseconds tick) : wheel_(tick) {}

  std::chrono::milliseconds tick() const noexcept { return wheel_.tick(); }

  void remind(turn what, std::uint64_t handler, std::chrono::milliseconds delay) override {
    const std::scoped_lock lock(mutex_);
    wheel_.schedule(delay, {handler, what});
  }

  /// One tick passes: what is due, for the holder to hand out without the lock.
  std::vector<reminder> advance() {
    std::vector<reminder> due;
    const std::scoped_lock lock(mutex_);
    wheel_.advance([&](const reminder& one) { due.push_back(one); });
    return due;
  }

 private:
  std::mutex mutex_;
  timer_wheel<reminder> wheel_;
};

}  // namespace event_relay
