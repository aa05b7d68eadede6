#pragma once

#include "event_relay/journal/journal.hpp"
#include "event_relay/relay/relay_context.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace event_relay {

/// One reader's connection to the standby of journal.replay_url. A standby can lag, be ahead of the tail, be of another
/// history or be away: whoever asks must be content with nothing, and ask the primary. Used by its actor alone.
class standby_link {
 public:
  explicit standby_link(relay_context& context) : context_(context) {}

  /// Calls `read` with the connection. True: all that it read is of the history of `confirmed`. False, at once or
  /// after an attempt that failed: it is not, or there is no standby now. Nothing is thrown.
  bool read(const journal_bounds& confirmed, const std::function<void(journal_connection&)>& read);

 private:
  using clock = std::chrono::steady_clock;

  void give_up(const std::exception& why, clock::time_point began);

  relay_context& context_;
  std::unique_ptr<journal_connection> connection_;
  clock::time_point next_attempt_{};
  bool complained_ = false;
};

}  // namespace event_relay
