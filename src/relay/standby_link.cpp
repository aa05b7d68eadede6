#include "event_relay/relay/standby_link.hpp"

#include "event_relay/core/log.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace event_relay {

bool standby_link::read(const journal_bounds& confirmed, const std::function<void(journal_connection&)>& read) {
  const auto began = clock::now();
  if (!context_.standby || (!connection_ && began < next_attempt_)) return false;
  try {
    if (!connection_) {
      connection_ = context_.standby->connect();
      add(context_.counted.journal_connects);
      log::info("standby connected", {{"for", "journal_reader"}});
      complained_ = false;
    }
    read(*connection_);
    // Asked afterwards: a promoted standby may have begun a history of its own, but not before it has noted its epoch.
    return connection_->bounds().epochs == confirmed.epochs;
  } catch (const std::exception& why) {
    give_up(why, began);
    return false;
  }
}

/// The next attempt waits ten times as long as this one took, so that a standby that hangs costs replays a tenth of
/// their time at most.
void standby_link::give_up(const std::exception& why, clock::time_point began) {
  const auto now = clock::now();
  const auto cost = std::chrono::duration_cast<std::chrono::milliseconds>(now - began);
  next_attempt_ = now + std::max(context_.configuration.journal.reconnect_max, 10 * cost);
  if (std::exchange(connection_, nullptr)) add(context_.counted.journal_losses);
  if (!context_.stopping.stopped() && !std::exchange(complained_, true))
    log::warn("standby not usable, replays go to the primary", {{"why", why.what()}});
}

}  // namespace event_relay
