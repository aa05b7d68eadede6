#include "event_relay/relay/connection_holder.hpp"

#include "event_relay/core/jitter.hpp"
#include "event_relay/core/log.hpp"

#include <algorithm>
#include <set>

namespace event_relay {

void connection_holder_state::start(relay_context& context) {
  context_ = &context;
  self_->set_down_handler([self = self_](caf::down_msg& down) {
    self->state.forget(down.source.id(), down.reason);
  });
  self_->delayed_send(self_, context_->wheel.tick(), tick_atom::value);
}

void connection_holder_state::open(stream_request& request) {
  auto wanted = request.wanted;
  auto flag = std::make_shared<wake_flag>();
  auto handler = self_->spawn<caf::monitored>(connection_handler, context_,
                                              std::make_shared<stream_request>(std::move(request)), flag);
  const auto id = handler.id();
  auto& subscriber = subscribers_[id];
  subscriber = {std::move(handler), std::move(flag), std::move(wanted), {}};
  interests_.add(subscriber, subscriber.wanted ? subscriber.wanted->topics : std::vector<topic_id>());
  // One that slipped in while the listener was closing: it ends like the others.
  if (draining_) context_->wheel.remind(turn::drain, id, spread_over(drain_period_));
  if (stopping_) caf::anon_send<caf::message_priority::high>(subscriber.handler, stop_atom::value, close_reason::forced);
}

void connection_holder_state::forget(caf::actor_id handler, const caf::error& reason) {
  const auto found = subscribers_.find(handler);
  if (found == subscribers_.end()) return;
  if (reason && reason != caf::exit_reason::normal) {
    context_->counted.count(close_reason::failed);
    log::error("a connection handler failed", {{"reason", caf::to_string(reason)}});
  }
  interests_.remove(found->second, wants_all_topics(found->second));
  subscribers_.erase(found);
  end_if_empty();
}

bool connection_holder_state::wants_all_topics(const subscriber& subscriber) const noexcept {
  return !subscriber.wanted || subscriber.wanted->topics.empty();
}

void connection_holder_state::wake(subscriber& subscriber, position_t nothing_up_to) {
  if (subscriber.flag->claim()) caf::anon_send(subscriber.handler, advanced_atom::value, epoch_, nothing_up_to);
}

void connection_holder_state::advanced() {
  context_->advance_pending.exchange(false, std::memory_order_acq_rel);  // before the tail is read
  const auto epoch = context_->tail.epoch();
  const auto head = context_->tail.head();
  if (epoch != epoch_) {
    epoch_ = epoch;
    for (auto& [id, subscriber] : subscribers_) wake(subscriber, 0);
  } else {
    interests_.for_all_topics([this](subscriber& one) { wake(one, scanned_to_); });
    if (interests_.has_topic_subscribers()) wake_by_topic(head);
  }
  scanned_to_ = head;
}

/// Only the subscribers of topics that have news.
void connection_holder_state::wake_by_topic(position_t head) {
  std::set<topic_id> topics;
  auto scanned = scanned_to_;
  while (scanned < head) {
    const auto window = context_->tail.read_after(scanned);
    if (window.where != tail_window::place::inside) {
      // So much at once that its beginning has left the tail: nobody can be left out for certain.
      interests_.for_every_topic([this](subscriber& one) { wake(one, scanned_to_); });
      return;
    }
    for (std::size_t i = 0; i < window.count; ++i) {
      const auto& segment = *window.segments[i];
      const auto end = std::min(segment.last(), head);
      for (; scanned < end; ++scanned)
        topics.insert(segment.at(static_cast<std::size_t>(scanned + 1 - segment.first())).topic);
    }
  }
  for (const auto topic : topics)
    interests_.for_topic(topic, [this](subscriber& one) { wake(one, scanned_to_); });
}

void connection_holder_state::tick() {
  if (stopping_) return;
  self_->delayed_send(self_, context_->wheel.tick(), tick_atom::value);
  for (const auto& due : context_->wheel.advance()) {
    const auto found = subscribers_.find(due.handler);
    if (found != subscribers_.end()) caf::anon_send(found->second.handler, turn_atom::value, due.what);
  }
}

void connection_holder_state::drain(std::chrono::milliseconds period, drained_ptr done) {
  draining_ = true;
  drain_period_ = period;
  drained_ = std::move(done);
  for (const auto& [id, subscriber] : subscribers_) context_->wheel.remind(turn::drain, id, spread_over(period));
  end_if_empty();
}

void connection_holder_state::stop() {
  stopping_ = true;
  for (const auto& [id, subscriber] : subscribers_)
    caf::anon_send<caf::message_priority::high>(subscriber.handler, stop_atom::value, close_reason::forced);
  end_if_empty();
}

void connection_holder_state::end_if_empty() {
  if (!subscribers_.empty()) return;
  if (const auto done = std::exchange(drained_, nullptr)) (*done)(true);
  if (stopping_) self_->quit();
}

connection_holder_actor::behavior_type connection_holder(connection_holder_state::pointer self,
                                                         relay_context* context) {
  self->state.start(*context);
  return {
      [self](open_atom, const stream_request_ptr& request) { self->state.open(*request); },
      [self](advanced_atom) { self->state.advanced(); },
      [self](tick_atom) { self->state.tick(); },
      [self](drain_atom, std::chrono::milliseconds period, const drained_ptr& done) {
        self->state.drain(period, done);
      },
      [](echo_atom, const echo_ptr& asker) { (*asker)(true); },
      [self](stop_atom) { self->state.stop(); },
  };
}

}  // namespace event_relay
