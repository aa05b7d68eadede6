#include "event_relay/relay/outbox_drainer.hpp"

#include "event_relay/core/log.hpp"

#include <algorithm>
#include <utility>

namespace event_relay {
namespace {

// Most databases never use the outbox, and 100 looks a second into an empty table would be all that they pay for.
constexpr std::chrono::milliseconds unused_poll_interval{250};

constexpr std::chrono::milliseconds refused_pause{250};

constexpr std::chrono::seconds measurement_interval{1};

}  // namespace

void outbox_drainer_state::start(relay_context& context) {
  context_ = &context;
  link_ = std::make_unique<journal_link>(context, name, [this] { return connect(); });
  caf::anon_send(outbox_drainer_actor(self_), drain_atom::value);
}

std::unique_ptr<journal_connection> outbox_drainer_state::connect() {
  if (!context_->status.prepared) return nullptr;
  auto connection = context_->the_journal.connect();
  connection->open(std::nullopt);
  return connection;
}

void outbox_drainer_state::drain() {
  if (context_->stopping.stopped()) return;
  auto* connection = link_->get();
  if (!connection) {
    link_->wait();
  } else {
    try {
      const auto pause = look(*connection);
      complained_ = false;
      if (pause.count() > 0) context_->stopping.wait_for(pause);
    } catch (const journal_refused& why) {
      // A missing privilege, most likely, as after an upgrade that brought the function: said once and not for ever.
      if (!std::exchange(complained_, true)) log::error("the outbox cannot be read", {{"why", why.what()}});
      context_->stopping.wait_for(refused_pause);
    } catch (const std::exception& why) {
      link_->lost(why);
    }
  }
  caf::anon_send(outbox_drainer_actor(self_), drain_atom::value);
}

std::chrono::milliseconds outbox_drainer_state::look(journal_connection& connection) {
  const auto& configuration = context_->configuration;
  const auto& publish = configuration.publish;
  const auto drained =
      connection.drain_outbox({publish.max_batch_events, publish.max_batch_bytes, publish.max_event_bytes});
  count(drained);
  measure(connection, drained.more);
  if (drained.more) return std::chrono::milliseconds(0);
  return drained.in_use ? configuration.outbox.poll_interval
                        : std::max(configuration.outbox.poll_interval, unused_poll_interval);
}

void outbox_drainer_state::count(const outbox_drained& drained) {
  auto& counted = context_->counted;
  add(counted.outbox_stored, drained.stored);
  add(counted.outbox_known, drained.known);
  for (std::size_t i = 0; i < drained.dead.size(); ++i) {
    if (drained.dead[i] == 0) continue;
    add(counted.dead_letters[i], drained.dead[i]);
    log::warn("events of the outbox became dead letters",
              {{"events", drained.dead[i]}, {"reason", name_of(static_cast<dead_letter_reason>(i))}});
  }
}

/// A backlog is measured now and then while there is one; without one there is nothing to ask.
void outbox_drainer_state::measure(journal_connection& connection, bool more) {
  outbox_lag lag;
  if (more) {
    if (clock::now() < next_measurement_) return;
    next_measurement_ = clock::now() + measurement_interval;
    lag = connection.measure_outbox();
  }
  context_->counted.outbox_waiting = static_cast<std::int64_t>(lag.events);
  context_->counted.outbox_lag_ms = lag.age.count();
}

outbox_drainer_actor::behavior_type outbox_drainer(outbox_drainer_state::pointer self, relay_context* context) {
  self->state.start(*context);
  return {
      [self](drain_atom) { self->state.drain(); },
      [self](stop_atom) { self->quit(); },
  };
}

}  // namespace event_relay
