#include "event_relay/app/service_manager.hpp"

#include "event_relay/core/log.hpp"

#include <boost/asio/post.hpp>

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace event_relay {
namespace {

// A status need not be fresher for people who look at it.
constexpr std::chrono::microseconds longest_pause{1'000'000};

void send(const std::string& lines) {
  if (const int result = ::sd_notify(0, lines.c_str()); result < 0)
    log::warn("the service manager cannot be told", {{"why", std::generic_category().message(-result)}});
}

std::chrono::microseconds watchdog_of_this_process() {
  std::uint64_t time = 0;
  if (const int result = ::sd_watchdog_enabled(0, &time); result < 0)
    log::warn("WATCHDOG_USEC is not understood", {{"why", std::generic_category().message(-result)}});
  return std::chrono::microseconds(time);
}

}  // namespace

service_manager::service_manager(boost::asio::io_context& io, std::function<std::string()> status,
                                 std::function<void(std::function<void()> answered)> ask_all_parts)
    : timer_(io) {
  if (std::getenv("NOTIFY_SOCKET") == nullptr) return;
  watchdog_ = watchdog_of_this_process();
  auto ask_from_here = [&io, ask = std::move(ask_all_parts)](std::function<void()> answered) {
    ask([&io, answered = std::move(answered)] { boost::asio::post(io, answered); });
  };
  notifier_.emplace(service_notifier::connections{send, std::move(status), std::move(ask_from_here)});
}

void service_manager::listening() {
  if (!notifier_) return;
  notifier_->listening();
  look();
}

/// Four times in the watchdog's time, so that one answer may come late.
void service_manager::look() {
  notifier_->tell_status();
  if (watchdog_.count() > 0) notifier_->ask();
  timer_.expires_after(watchdog_.count() > 0 ? std::min(watchdog_ / 4, longest_pause) : longest_pause);
  timer_.async_wait([this](const auto& error) {
    if (!error) look();
  });
}

void service_manager::stopping(std::chrono::milliseconds at_most) {
  if (notifier_) notifier_->stopping(at_most);
}

}  // namespace event_relay
