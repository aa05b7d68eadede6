#include "event_relay/app/service_notifier.hpp"

namespace event_relay {
namespace {

std::string streams(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " stream" : " streams");
}

}  // namespace

std::string service_status(const relay_report& relay, const counters& counted) {
  const auto open = counted.streams_open.load();
  if (relay.writable && relay.readable) return "serving " + streams(open);
  const std::string journal = relay.epoch == 0 ? "journal not reached yet" : "journal away";
  return open == 0 ? journal : journal + ", " + streams(open) + " waiting";
}

void service_notifier::listening() {
  told_ = uses_.status();
  uses_.send("READY=1\nSTATUS=" + told_);
}

void service_notifier::tell_status() {
  if (auto now = uses_.status(); now != told_) uses_.send("STATUS=" + (told_ = std::move(now)));
}

void service_notifier::ask() {
  if (asked_) return;
  asked_ = true;
  uses_.ask_all_parts([this] {
    asked_ = false;
    uses_.send("WATCHDOG=1");
  });
}

void service_notifier::stopping(std::chrono::milliseconds at_most) {
  const auto time = std::chrono::microseconds(at_most).count();
  uses_.send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + std::to_string(time) + "\nSTATUS=closing its streams");
}

}  // namespace event_relay
