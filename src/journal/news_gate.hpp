#pragma once

#include <chrono>

namespace event_relay {

/// Blocks a thread until a socket can be read or another thread opens the gate. libpq's own waiting cannot be ended
/// from outside, and a relay that stops must not wait for it.
class news_gate {
 public:
  news_gate();
  ~news_gate();
  news_gate(const news_gate&) = delete;
  news_gate& operator=(const news_gate&) = delete;

  /// Ends the current wait, or the next one if there is none. Any thread.
  void open() noexcept;

  /// True when the socket can be read (or has failed, which reading tells); false when opened or at the deadline.
  bool wait_readable(int socket, std::chrono::steady_clock::time_point deadline);

 private:
  int event_fd_;
};

}  // namespace event_relay
