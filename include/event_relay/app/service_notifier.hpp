#pragma once

#include "event_relay/core/counters.hpp"
#include "event_relay/relay/relay_report.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace event_relay {

/// What a service manager shows of the relay in one line, as in `systemctl status`.
std::string service_status(const relay_report& relay, const counters& counted);

/// What is said to a service manager, and when. It is to know of a relay that hangs, so nothing is said by a clock
/// alone: the watchdog is told that all is well when every part of the process has answered a question, and a part that
/// hangs never answers.
///
/// Pure: the owner calls tick() now and then, and knows the socket. One thread.
class service_notifier {
 public:
  struct connections {
    std::function<void(const std::string& lines)> send;  ///< to the service manager, as sd_notify(3) wants it
    std::function<std::string()> status;
    /// Asks every part. Calls back in the thread of the notifier once all have answered; later, or never.
    std::function<void(std::function<void()> answered)> ask_all_parts;
  };

  explicit service_notifier(connections uses) : uses_(std::move(uses)) {}

  /// The relay listens. Said also while its journal is away: it takes streams, which wait, and it comes to its journal
  /// by itself. A service manager that waited for more would end it, with its streams, for an outage of the database.
  void listening();

  /// Tells the status if it has changed.
  void tell_status();

  /// Asks, unless an answer is still awaited. The answer feeds the watchdog.
  void ask();

  /// It is ending, which takes that long at most.
  void stopping(std::chrono::milliseconds at_most);

 private:
  const connections uses_;
  std::string told_;
  bool asked_ = false;
};

}  // namespace event_relay
