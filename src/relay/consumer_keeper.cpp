#include "event_relay/relay/consumer_keeper.hpp"

#include "event_relay/core/log.hpp"
#include "event_relay/relay/start_decision.hpp"

#include <algorithm>
#include <utility>

namespace event_relay {
namespace {

// How long two relays may both have a reader of one consumer.
constexpr std::chrono::seconds look_interval{1};

// For those who watch from afar, who see seconds and not milliseconds.
constexpr std::chrono::seconds survey_interval{5};

/// Everything up to there is behind it. After a failover that lost events it may stand in what is gone; then all that is
/// there now is ahead of it.
position_t place_of(const consumer& consumer, const journal_bounds& bounds) {
  const auto go_on = continue_in_new_epoch(consumer.cursor.epoch, consumer.cursor.position, bounds).after;
  return std::clamp(go_on, bounds.floor, bounds.head);
}

void look_up_waiting(consumer_status& status, journal_connection& connection, const journal_bounds& bounds) {
  if (status.lag == 0) return;
  page_limits one;
  one.events = 1;
  one.with_metadata = true;
  connection.read_after(place_of(status.consumer, bounds), one,
                        [&](const event_view& event) { status.waiting_since = event.stored_at; });
}

/// An event's own epoch, so that ids of one consumer go up with their positions.
event_id id_at(position_t position, const journal_bounds& bounds) {
  return {std::max(bounds.epoch_of(position), bounds.epochs.front().epoch), position};
}

}  // namespace

void consumer_keeper_state::start(relay_context& context) {
  context_ = &context;
  link_ = std::make_unique<journal_link>(context, name, [this] { return connect(); });
  self_->set_down_handler([self = self_](caf::down_msg& down) { self->state.forget(down.source.id()); });
  caf::anon_send(consumer_keeper_actor(self_), survey_atom::value);
}

std::unique_ptr<journal_connection> consumer_keeper_state::connect() {
  if (!context_->status.prepared) return nullptr;
  return context_->the_journal.connect();
}

/// The subscriber waits, with heartbeats, for as long as the journal is away.
void consumer_keeper_state::claim(const claim_request_ptr& request) {
  if (context_->stopping.stopped()) return;
  try {
    if (auto* connection = link_->get()) {
      const auto bounds = connection->bounds();
      const auto first = decide_start(request->first, bounds, request->on_gap, true)->after;
      auto claimed = std::make_shared<const consumer>(connection->claim_consumer(request->consumer, id_at(first, bounds)));
      end_reader(request->consumer, supersession::another_reader);
      readers_[request->consumer] = {claimed->reader, request->handler};
      self_->monitor(request->handler);  // one that has ended meanwhile is told of at once
      caf::anon_send(request->handler, claim_atom::value, std::move(claimed));
      return schedule_look();
    }
  } catch (const std::exception& why) {
    link_->lost(why);
  }
  link_->wait();
  caf::anon_send(consumer_keeper_actor(self_), claim_atom::value, request);
}

void consumer_keeper_state::forget(caf::actor_id handler) {
  std::erase_if(readers_, [handler](const auto& reader) { return reader.second.handler.id() == handler; });
}

void consumer_keeper_state::end_reader(const std::string& consumer, supersession why) {
  const auto found = readers_.find(consumer);
  if (found == readers_.end()) return;
  caf::anon_send(found->second.handler, superseded_atom::value, why);
  readers_.erase(found);
}

void consumer_keeper_state::serve(consumer_command& command) {
  try {
    if (auto* connection = link_->get()) return command.done(carry_out(command, *connection));
  } catch (const std::exception& why) {
    link_->lost(why);
  }
  command.done(errc::journal_unavailable);
}

result<std::vector<consumer_status>> consumer_keeper_state::carry_out(consumer_command& command,
                                                                      journal_connection& connection) {
  const auto bounds = connection.bounds();
  std::vector<consumer_status> found;
  std::optional<consumer> one;
  switch (command.what) {
    case consumer_command::action::list:
      for (auto& each : connection.consumers())
        if (command.consumer.empty() || each.name == command.consumer)
          look_up_waiting(found.emplace_back(status_of(std::move(each), bounds)), connection, bounds);
      if (found.empty() && !command.consumer.empty()) return errc::unknown_consumer;
      return found;
    case consumer_command::action::remove:
      if (!connection.remove_consumer(command.consumer)) return errc::unknown_consumer;
      end_reader(command.consumer, supersession::removal);
      return found;
    case consumer_command::action::acknowledge:
    case consumer_command::action::reset: break;
  }
  const auto place = place_of(command, bounds);
  if (!place) return place.error();
  if (command.what == consumer_command::action::reset) {
    one = connection.reset_consumer(command.consumer, *place);
    end_reader(command.consumer, supersession::reset);
  } else {
    one = connection.acknowledge(command.consumer, *place);
  }
  if (!one) return errc::unknown_consumer;
  look_up_waiting(found.emplace_back(status_of(std::move(*one), bounds)), connection, bounds);
  return found;
}

/// An acknowledgement of what retention has removed moves nothing, and is nobody's mistake; but nobody can be reset to it.
result<event_id> consumer_keeper_state::place_of(const consumer_command& command, const journal_bounds& bounds) const {
  const auto decision = *decide_start(command.to, bounds, gap_policy::fail, true);
  if (!decision.gap) return id_at(decision.after, bounds);
  switch (*decision.gap) {
    case sse::gap_reason::malformed: return errc::bad_event_id;
    case sse::gap_reason::unknown_epoch:
    case sse::gap_reason::future: return errc::event_not_found;
    case sse::gap_reason::history_lost: return errc::history_gone;
    case sse::gap_reason::expired: break;
  }
  if (command.what == consumer_command::action::reset) return errc::event_expired;
  return id_at(std::get<sse::start_after>(command.to).position, bounds);
}

/// But for how long it has been behind, which the journal is to be asked for.
consumer_status consumer_keeper_state::status_of(consumer consumer, const journal_bounds& bounds) const {
  consumer_status status;
  status.lag = bounds.head - event_relay::place_of(consumer, bounds);
  const auto local = readers_.find(consumer.name);
  status.is_read_here = local != readers_.end() && local->second.number == consumer.reader;
  status.consumer = std::move(consumer);
  return status;
}

void consumer_keeper_state::schedule_look() {
  if (!std::exchange(look_scheduled_, true))
    self_->delayed_send(self_, look_interval, tick_atom::value);
}

/// Other relays' claims, resets and removals show in the numbers.
void consumer_keeper_state::look() {
  look_scheduled_ = false;
  if (readers_.empty() || context_->stopping.stopped()) return;
  try {
    if (auto* connection = link_->get()) {
      std::map<std::string, std::uint64_t> numbers;
      for (auto& each : connection->consumers()) numbers[each.name] = each.reader;
      for (auto one = readers_.begin(); one != readers_.end();) {
        const auto& [consumer, reader] = *one++;
        const auto found = numbers.find(consumer);
        if (found == numbers.end()) end_reader(consumer, supersession::removal);
        else if (found->second != reader.number) end_reader(consumer, supersession::another_reader);
      }
    }
  } catch (const std::exception& why) {
    link_->lost(why);
  }
  if (!readers_.empty()) schedule_look();
}

/// How far all are behind, for /metrics and /status: however many there are, a bounded number of questions.
void consumer_keeper_state::survey() {
  if (context_->stopping.stopped()) return;
  // The first one as soon as there is a journal.
  self_->delayed_send(self_, context_->status.consumers() ? survey_interval : look_interval, survey_atom::value);
  try {
    auto* connection = link_->get();
    if (!connection) return;
    const auto bounds = connection->bounds();
    consumer_survey found;
    for (auto& each : connection->consumers()) found.furthest_behind.push_back(status_of(std::move(each), bounds));
    found.count = found.furthest_behind.size();
    std::ranges::sort(found.furthest_behind, std::greater(), &consumer_status::lag);
    if (found.count > consumers_surveyed) found.furthest_behind.resize(consumers_surveyed);
    for (auto& each : found.furthest_behind) look_up_waiting(each, *connection, bounds);
    context_->status.set_consumers(std::move(found));
  } catch (const std::exception& why) {
    link_->lost(why);
  }
}

void consumer_keeper_state::stop() {
  readers_.clear();
  self_->quit();
}

consumer_keeper_actor::behavior_type consumer_keeper(consumer_keeper_state::pointer self, relay_context* context) {
  self->state.start(*context);
  return {
      [self](claim_atom, const claim_request_ptr& request) { self->state.claim(request); },
      [self](consumer_atom, const consumer_command_ptr& command) { self->state.serve(*command); },
      [self](tick_atom) { self->state.look(); },
      [self](survey_atom) { self->state.survey(); },
      [self](stop_atom) { self->state.stop(); },
  };
}

}  // namespace event_relay
