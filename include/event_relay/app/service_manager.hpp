#pragma once

#include "event_relay/app/service_notifier.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace event_relay {

/// The service manager that started the process and wants to be told how it is (systemd, Type=notify). Without one,
/// that is without NOTIFY_SOCKET in the environment, nothing happens. Lives in one thread, the one that runs the
/// io_context.
class service_manager {
 public:
  /// `ask_all_parts` may call back from any thread.
  service_manager(boost::asio::io_context& io, std::function<std::string()> status,
                  std::function<void(std::function<void()> answered)> ask_all_parts);

  /// From now on it is told.
  void listening();

  /// The process is ending, which takes that long at most. It is told nothing more: a watchdog does not watch the end.
  void stopping(std::chrono::milliseconds at_most);

 private:
  void look();

  std::chrono::microseconds watchdog_{0};  // 0: there is none
  boost::asio::steady_timer timer_;
  std::optional<service_notifier> notifier_;
};

}  // namespace event_relay
