#pragma once

#include "journal/sqlite_file.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>

namespace event_relay {

/// One writer at a time, in the order in which they come. With a mutex, whoever removes many rows piece by piece would
/// take one turn after the other while a publisher waits. Thread-safe.
class write_turns {
 public:
  class turn {
   public:
    explicit turn(write_turns& turns) : turns_{turns} {}
    ~turn() { turns_.give_back(); }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

   private:
    write_turns& turns_;
  };

  /// Waits for it. Throws journal_refused when that takes too long.
  turn take();

 private:
  void give_back() noexcept;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<int> waiting_;  // the first has the turn
};

/// What was appended, for whoever waits for it. Thread-safe.
class append_news {
 public:
  /// One connection's view. `heard` counts announcements; `woken` ends one wait.
  struct listener {
    bool listening = false;
    bool woken = false;
    std::uint64_t heard = 0;
  };

  void announce(position_t head);
  void listen(listener& one);
  void wake(listener& one) noexcept;
  /// False at the deadline; true when there is something to take().
  bool wait(const listener& one, std::chrono::steady_clock::time_point deadline);
  /// The newest position announced, if this listener has not heard of it; else nothing, and the wake() is used up.
  std::optional<position_t> take(listener& one);

 private:
  bool has_news(const listener& one) const noexcept { return one.listening && one.heard != announcements_; }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t announcements_ = 0;
  position_t newest_ = 0;
};

/// What the connections of one journal share.
struct sqlite_store {
  explicit sqlite_store(const std::string& path) : file{path} {}

  sqlite_file file;
  write_turns turns;
  append_news news;
};

}  // namespace event_relay
