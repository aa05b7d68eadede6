#include "event_relay/relay/journal_writer.hpp"

#include "event_relay/core/log.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <set>
#include <string_view>
#include <utility>

namespace event_relay {
namespace {

batch_id random_batch_id() {
  thread_local std::random_device random;
  batch_id id;
  for (std::size_t i = 0; i < id.size(); i += sizeof(unsigned)) {
    const unsigned bits = random();
    std::memcpy(id.data() + i, &bits, sizeof bits);
  }
  return id;
}

}  // namespace

void journal_writer_state::start(relay_context& context) {
  context_ = &context;
  link_ = std::make_unique<journal_link>(context, name, [this] { return connect(); });
  schedule_flush();
}

void journal_writer_state::publish(publish_command_ptr command) {
  queue_.push_back(std::move(command));
  schedule_flush();
}

/// Behind what is in the mailbox now, so that a batch takes all of it.
void journal_writer_state::schedule_flush() {
  if (!std::exchange(flush_scheduled_, true)) caf::anon_send(journal_writer_actor(self_), flush_atom::value);
}

std::unique_ptr<journal_connection> journal_writer_state::connect() {
  const bool first = !context_->status.prepared;
  try {
    if (first && context_->configuration.journal.migrate) context_->the_journal.migrate();
    auto connection = context_->the_journal.connect();
    const auto known = first ? std::nullopt : std::optional(known_history{bounds_.current_epoch(), bounds_.head});
    bounds_ = connection->open(known);
    connection->maintain(context_->configuration.journal.idempotency_window);
    context_->status.set_topics(connection->register_topics(context_->configuration.topics));
    context_->status.prepared = true;
    context_->status.writable = true;
    return connection;
  } catch (const journal_refused& why) {
    if (first) std::exchange(context_->on_fatal, [](const std::string&) {})(why.what());  // once is enough
    throw;
  }
}

void journal_writer_state::flush() {
  flush_scheduled_ = false;
  if (context_->stopping.stopped()) return;
  if (!link_->get()) {
    // Nothing of these was sent, so their fate is certain.
    for (auto& command : std::exchange(queue_, {})) command->done(errc::journal_unavailable);
    link_->wait();
    return schedule_flush();
  }
  if (queue_.empty()) return;
  auto batch = take_batch();
  std::vector<const new_event*> events;
  events.reserve(batch.size());
  for (const auto& command : batch)
    for (const auto& event : command->events) events.push_back(&event);
  const auto how = batch.front()->how;
  auto failure = errc::internal;
  std::optional<append_receipt> receipt;
  bool advanced = false;
  {
    const commit_in_flight::scope under_way(context_->own_commit);
    receipt = append(events, how, failure);
    if (receipt) advanced = add_to_tail(batch, *receipt);
  }
  if (receipt) {
    answer(batch, *receipt);
  } else {
    for (auto& command : batch) command->done(failure);
  }
  // Last, because many subscribers keep every core busy for a while, and the publishers' next events should not wait.
  if (advanced) context_->announce_advance();
  if (!queue_.empty() || !context_->status.writable) schedule_flush();
}

/// All that is queued, up to the limits. A second event with the same key waits for the next batch, where the journal
/// finds the first one and answers like for any other repetition.
journal_writer_state::batch journal_writer_state::take_batch() {
  const auto& limits = context_->configuration.publish;
  batch taken;
  std::set<std::pair<topic_id, std::string_view>> keys;
  std::deque<publish_command_ptr> left;
  std::size_t events = 0;
  std::size_t bytes = 0;
  while (!queue_.empty() && events < limits.max_batch_events && bytes < limits.max_batch_bytes) {
    const bool alone = queue_.front()->how != known_keys::one_by_one;
    if (alone && !taken.empty()) break;
    auto command = std::move(queue_.front());
    queue_.pop_front();
    const auto& first = command->events.front();
    if (!alone && !first.idempotency_key.empty() && !keys.insert({first.topic, first.idempotency_key}).second) {
      left.push_back(std::move(command));
      continue;
    }
    events += command->events.size();
    for (const auto& event : command->events) bytes += event.data.size();
    taken.push_back(std::move(command));
    if (alone) break;
  }
  queue_.insert(queue_.begin(), std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()));
  return taken;
}

/// A connection lost in the middle leaves the commit in doubt. The same batch id asks again until the journal says what
/// became of it, so nothing is stored twice and nobody is told a guess; only after in_doubt_timeout the publishers are
/// told that it is not known.
std::optional<append_receipt> journal_writer_state::append(const std::vector<const new_event*>& events, known_keys how,
                                                           errc& failure) {
  const auto id = random_batch_id();
  const auto give_up = std::chrono::steady_clock::now() + context_->configuration.publish.in_doubt_timeout;
  for (;;) {
    try {
      if (auto* connection = link_->get()) {
        auto receipt = connection->append(id, events, how);
        add(context_->counted.commits);
        return receipt;
      }
      link_->wait();
    } catch (const key_conflict&) {
      failure = errc::idempotency_key_reused;
      return std::nullopt;
    } catch (const journal_refused& why) {
      log::error("the journal refused a batch", {{"events", events.size()}, {"why", why.what()}});
      failure = dynamic_cast<const journal_full*>(&why) ? errc::journal_full : errc::internal;
      return std::nullopt;
    } catch (const stale_epoch& why) {
      link_->lost(why);
    } catch (const journal_unavailable& why) {
      context_->status.writable = false;
      link_->lost(why);
    }
    if (context_->stopping.stopped() || std::chrono::steady_clock::now() >= give_up) {
      failure = errc::outcome_unknown;
      return std::nullopt;
    }
  }
}

/// Saves reading back what was just written. When another relay's events lie in between, the tailer brings both.
bool journal_writer_state::add_to_tail(const batch& batch, const append_receipt& receipt) {
  std::vector<event_view> stored;
  stored.reserve(receipt.events.size());
  auto appended_event = receipt.events.begin();
  for (const auto& command : batch)
    for (const auto& event : command->events) {
      const auto& [position, what] = *appended_event++;
      if (what != appended::outcome::stored) continue;
      stored.push_back(
          {position, event.topic, event.type, event.data, receipt.stored_at, event.attributes, command->accepted_at});
    }
  if (stored.empty()) return false;
  bounds_.head = stored.back().position;
  context_->status.note_head(bounds_.head);
  return context_->tail.append(receipt.epoch, stored);
}

void journal_writer_state::answer(batch& batch, const append_receipt& receipt) {
  auto rest = std::span(receipt.events);
  for (auto& command : batch) {
    const auto events = rest.first(command->events.size());
    rest = rest.subspan(events.size());
    if (events.front().what == appended::outcome::key_reused) {
      command->done(errc::idempotency_key_reused);
    } else {
      command->done(receipt_for(*command, events, receipt.epoch));
    }
  }
}

batch_receipt journal_writer_state::receipt_for(const publish_command& command, std::span<const appended> events,
                                                epoch_t epoch) const {
  const auto is_known = [](const appended& event) { return event.what == appended::outcome::duplicate; };
  const auto known = static_cast<std::size_t>(std::ranges::count_if(events, is_known));
  add(context_->counted.events_duplicate, known);
  add(context_->counted.events_published, events.size() - known);
  const auto id_of = [&](const appended& event) {
    return event_id{is_known(event) ? bounds_.epoch_of(event.position) : epoch, event.position};
  };
  batch_receipt receipt{id_of(events.front()), id_of(events.back()), known == events.size(), {}, known};
  if (command.how == known_keys::never_reused)
    for (const auto& event : events) receipt.ids.push_back(id_of(event));
  return receipt;
}

void journal_writer_state::stop() {
  for (auto& command : std::exchange(queue_, {})) command->done(errc::shutting_down);
  self_->quit();
}

journal_writer_actor::behavior_type journal_writer(journal_writer_state::pointer self, relay_context* context) {
  self->state.start(*context);
  return {
      [self](publish_atom, publish_command_ptr& command) { self->state.publish(std::move(command)); },
      [self](flush_atom) { self->state.flush(); },
      [self](stop_atom) { self->state.stop(); },
  };
}

}  // namespace event_relay
