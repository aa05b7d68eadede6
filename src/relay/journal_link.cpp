#include "event_relay/relay/journal_link.hpp"

#include "event_relay/core/jitter.hpp"
#include "event_relay/core/log.hpp"

#include <algorithm>
#include <exception>

namespace event_relay {

journal_connection* journal_link::get() {
  if (connection_) return connection_.get();
  try {
    connection_ = connect_();
    if (!connection_) return nullptr;
    add(context_.counted.journal_connects);
    log::info("journal connected", {{"for", user_}});
    pause_ = first_pause;
    complained_ = false;
  } catch (const std::exception& why) {
    // Once an outage, or a day without database would fill the disk.
    if (!std::exchange(complained_, true)) log::warn("journal not reachable", {{"for", user_}, {"why", why.what()}});
  }
  return connection_.get();
}

void journal_link::lost(const std::exception& why) {
  connection_.reset();
  add(context_.counted.journal_losses);
  if (!context_.stopping.stopped()) log::warn("journal connection lost", {{"for", user_}, {"why", why.what()}});
}

void journal_link::wait() {
  context_.stopping.wait_for(jittered(pause_));
  pause_ = std::min(pause_ * 2, context_.configuration.journal.reconnect_max);
}

}  // namespace event_relay
