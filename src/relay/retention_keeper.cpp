#include "event_relay/relay/retention_keeper.hpp"

#include "event_relay/core/log.hpp"

#include <utility>

namespace event_relay {

void retention_keeper_state::start(relay_context& context) {
  context_ = &context;
  link_ = std::make_unique<journal_link>(context, name, [this] { return connect(); });
  caf::anon_send(retention_keeper_actor(self_), retain_atom::value);
}

std::unique_ptr<journal_connection> retention_keeper_state::connect() {
  if (!context_->status.prepared) return nullptr;
  return context_->the_journal.connect();
}

void retention_keeper_state::retain() {
  if (context_->stopping.stopped()) return;
  if (auto* connection = link_->get()) {
    try {
      look(*connection);
    } catch (const std::exception& why) {
      // Refused or lost: in both cases a new connection begins without the lock that says who removes.
      if (!std::exchange(complained_, true))
        log::warn("retention could not remove what is expired", {{"why", why.what()}});
      link_->lost(why);
    }
    context_->stopping.wait_for(context_->configuration.retention.interval);
  } else {
    link_->wait();
  }
  caf::anon_send(retention_keeper_actor(self_), retain_atom::value);
}

void retention_keeper_state::look(journal_connection& connection) {
  const auto& limits = context_->configuration.retention;
  const auto done = connection.retain({limits.max_age, limits.max_events, limits.max_bytes, limits.overtake_consumers});
  complained_ = false;
  if (done.partitions_dropped == 0) return;
  add(context_->counted.partitions_dropped, done.partitions_dropped);
  log::info("retention removed events", {{"up_to", done.floor}, {"partitions", done.partitions_dropped}});
}

retention_keeper_actor::behavior_type retention_keeper(retention_keeper_state::pointer self, relay_context* context) {
  self->state.start(*context);
  return {
      [self](retain_atom) { self->state.retain(); },
      [self](stop_atom) { self->quit(); },
  };
}

}  // namespace event_relay
