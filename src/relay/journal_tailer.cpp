#include "event_relay/relay/journal_tailer.hpp"

#include "event_relay/core/log.hpp"

#include <algorithm>
#include <optional>

namespace event_relay {
namespace {

constexpr std::chrono::seconds look_interval{1};  // at the bounds: retention, other relays' epochs
constexpr std::chrono::seconds maintenance_interval{30};
constexpr std::chrono::milliseconds patience_with_writer{
    5};  // ten times a commit; it may hang, others' events must not

}  // namespace

void journal_tailer_state::start(relay_context& context) {
  context_ = &context;
  link_ = std::make_unique<journal_link>(context, name, [this] { return connect(); });
  caf::anon_send(journal_tailer_actor(self_), follow_atom::value);
}

std::unique_ptr<journal_connection> journal_tailer_state::connect() {
  if (!context_->status.prepared) return nullptr;
  auto connection = context_->the_journal.connect();
  connection->listen();  // before reading, or what is appended in between would be announced to nobody
  const auto epoch = context_->tail.epoch();
  auto bounds =
      connection->open(epoch == 0 ? std::nullopt : std::optional(known_history{epoch, context_->tail.head()}));
  context_->status.set_topics(connection->topics());
  adopt(std::move(bounds));
  const auto now = clock::now();
  next_look_ = now + look_interval;
  context_->status.last_look = now;
  context_->status.readable = true;
  return connection;
}

/// Makes the tail agree with the history that the journal has now. The bounds are told first: who sees the tail's new
/// epoch finds the fork in them.
void journal_tailer_state::adopt(journal_bounds bounds) {
  auto& tail = context_->tail;
  const auto old_epoch = tail.epoch();
  const auto new_epoch = bounds.current_epoch();
  context_->status.set_bounds(bounds);
  context_->counted.oldest_position = static_cast<std::int64_t>(bounds.floor + 1);
  if (old_epoch == new_epoch) return;
  const auto begin = bounds.epochs.back().first_position;
  const auto fork = std::ranges::find_if(bounds.epochs, [&](const auto& start) { return start.epoch > old_epoch; });
  const bool lost = old_epoch != 0 && fork != bounds.epochs.end() && tail.head() >= fork->first_position;
  if (lost)
    log::warn("history was lost",
              {{"epoch", new_epoch}, {"last_common", fork->first_position - 1}, {"seen", tail.head()}});
  if (old_epoch == 0)
    tail.restart(new_epoch, bounds.head);
  else if (!lost && tail.head() + 1 == begin)
    tail.continue_in(new_epoch);
  else
    // What lies between is of an older epoch, and the tail gives its own to all: it is read from the journal.
    tail.restart(new_epoch, begin - 1);
  context_->announce_advance();
}

void journal_tailer_state::follow() {
  if (context_->stopping.stopped()) return;
  auto* connection = link_->get();
  if (!connection) {
    link_->wait();
  } else {
    try {
      const auto announced = connection->wait_for_news(context_->configuration.journal.poll_interval);
      if (!announced || is_news(*announced)) read_news(*connection, announced);
      look_after(*connection);
      context_->status.last_look = clock::now();
    } catch (const std::exception& why) {
      context_->status.readable = false;
      link_->lost(why);
    }
  }
  caf::anon_send(journal_tailer_actor(self_), follow_atom::value);
}

/// What was announced may be what this relay's own writer has stored and is about to put into the tail.
bool journal_tailer_state::is_news(position_t announced) {
  if (announced > context_->tail.head()) context_->own_commit.wait(patience_with_writer);
  return announced > context_->tail.head();
}

/// Nothing to read though something was announced: somebody has opened an epoch, and it is of that one.
void journal_tailer_state::read_news(journal_connection& connection, std::optional<position_t> announced) {
  if (read_up_to(connection, announced)) return;
  adopt(connection.bounds());
  read_up_to(connection, announced);
}

/// A page may end early for its bytes, so only the announced position, or an empty page, says that all was read. False if
/// what was announced is not there.
bool journal_tailer_state::read_up_to(journal_connection& connection, std::optional<position_t> announced) {
  const auto is_there = [&] { return !announced || *announced <= context_->tail.head(); };
  while (read_page(connection) > 0)
    if (context_->stopping.stopped() || (announced && is_there())) return true;
  return is_there();
}

std::size_t journal_tailer_state::read_page(journal_connection& connection) {
  auto& tail = context_->tail;
  const auto after = tail.head();
  const auto epoch = tail.epoch();
  bool unknown_topic = false;
  bool follows = true;
  const page_limits limits{context_->configuration.journal.page_events, context_->configuration.journal.page_bytes,
                           true, epoch};
  const auto count = connection.read_after(after, limits, [&](const event_view& event) {
    unknown_topic |= !context_->status.knows(event.topic);
    // The writer may bring the same events at the same time; the tail passes over what it has.
    follows = follows && (event.position <= tail.head() || tail.append(epoch, {&event, 1}));
  });
  if (unknown_topic) context_->status.set_topics(connection.topics());
  if (!follows) {
    // This relay was away for so long that retention has removed what it has not seen.
    const auto bounds = connection.bounds();
    if (bounds.floor > after) tail.restart(epoch, bounds.floor);
    adopt(bounds);
  }
  if (count > 0) context_->announce_advance();
  context_->status.last_look = clock::now();
  return count;
}

void journal_tailer_state::look_after(journal_connection& connection) {
  const auto now = clock::now();
  if (now >= next_look_) {
    next_look_ = now + look_interval;
    adopt(connection.bounds());
  }
  if (now >= next_maintenance_) {
    next_maintenance_ = now + maintenance_interval;
    connection.maintain(context_->configuration.journal.idempotency_window);
  }
}

journal_tailer_actor::behavior_type journal_tailer(journal_tailer_state::pointer self, relay_context* context) {
  self->state.start(*context);
  return {
      [self](follow_atom) { self->state.follow(); },
      [self](stop_atom) { self->quit(); },
  };
}

}  // namespace event_relay
