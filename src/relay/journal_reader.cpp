#include "event_relay/relay/journal_reader.hpp"

#include "event_relay/core/log.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace event_relay {
namespace {

constexpr std::size_t pages_kept = 16;

/// Collects events whose number and size are known only when all have come.
struct collected_page {
  std::string bytes;
  std::vector<log_segment::entry> marks;
  position_t first = 0;

  void add(const event_view& event, epoch_t epoch) {
    thread_local std::string one;
    if (marks.empty()) first = event.position;
    marks.push_back(serialise(one, event, epoch));
    bytes += one;
  }

  std::shared_ptr<const log_segment> segment(position_t from, counters::gauge& held) const {
    auto segment = std::make_shared<log_segment>(from, marks.size(), bytes.size(), &held);
    auto rest = std::string_view(bytes);
    for (const auto& mark : marks) {
      const auto size = std::size_t{mark.chunk_bytes} + mark.aside_bytes;
      segment->append(rest.substr(0, size), mark);
      rest.remove_prefix(size);
    }
    return segment;
  }
};

}  // namespace

void journal_reader_state::start(relay_context& context) {
  context_ = &context;
  link_ = std::make_unique<journal_link>(context, name, [this] { return connect(); });
  standby_ = std::make_unique<standby_link>(context);
}

std::unique_ptr<journal_connection> journal_reader_state::connect() {
  if (!context_->status.prepared) return nullptr;
  auto connection = context_->the_journal.connect();
  bounds_ = connection->bounds();
  kept_.clear();
  return connection;
}

/// A connection to the history that the tail follows; null: not now. After a failover an old connection may still reach
/// the server that was given up, and a new one may be ahead of the tailer.
journal_connection* journal_reader_state::current_connection() {
  const auto epoch = context_->tail.epoch();
  if (bounds_.current_epoch() != 0 && bounds_.current_epoch() < epoch)
    link_->lost(stale_epoch("another epoch has begun"));
  auto* connection = link_->get();
  return bounds_.current_epoch() == epoch ? connection : nullptr;
}

void journal_reader_state::page(position_t after, bool with_metadata, const connection_handler_actor& handler) {
  if (context_->stopping.stopped()) return;
  try {
    auto page = kept(after, with_metadata);
    if (page)
      add(context_->counted.replay_page_hits);
    else
      page = read_page(after, with_metadata);
    if (page) {
      ask_ahead(*page);
      return caf::anon_send(handler, page_atom::value, std::move(page));
    }
  } catch (const std::exception& why) {
    lost(why);
  }
  // The subscriber waits, with heartbeats, for as long as the journal is away.
  link_->wait();
  caf::anon_send(journal_reader_actor(self_), page_atom::value, after, with_metadata, handler);
}

/// While the subscriber is sent one page, the next one is read; and by the other readers those after that, if it is known
/// where they begin. A client that replays alone keeps every database connection busy then.
void journal_reader_state::ask_ahead(const replay_page& page) {
  if (page.events->size() == 0) return;
  const auto size = context_->configuration.journal.page_events;
  auto next = page.events->last();
  const auto pages = next % size == 0 ? context_->readers.size() : 1;
  for (std::size_t i = 0; i < pages; ++i, next += size) {
    const bool may_grow = next + size >= context_->tail.head();
    if (may_grow || context_->tail.read_after(next).where != tail_window::place::behind) return;
    caf::anon_send(context_->reader_for(next), ahead_atom::value, next, page.with_metadata);
  }
}

/// Only when nobody waits: what is read ahead is a guess, and may be dropped before anybody asks for it.
void journal_reader_state::read_ahead(position_t after, bool with_metadata) {
  if (context_->stopping.stopped() || !self_->mailbox().empty() || kept(after, with_metadata)) return;
  try {
    read_page(after, with_metadata);
  } catch (const std::exception& why) {
    lost(why);
  }
}

/// One with metadata serves those who need none, too.
replay_page_ptr journal_reader_state::kept(position_t after, bool with_metadata) const {
  const auto epoch = context_->tail.epoch();
  const auto found = std::ranges::find_if(kept_, [&](const auto& one) {
    return one.after == after && one.page->epoch == epoch && (one.page->with_metadata || !with_metadata);
  });
  return found == kept_.end() ? nullptr : found->page;
}

/// Null: the primary is away, and there is no standby that has the page.
replay_page_ptr journal_reader_state::read_page(position_t after, bool with_metadata) {
  auto page = page_of_standby(after, with_metadata);
  if (!page)
    if (auto* connection = current_connection()) page = page_of_primary(*connection, after, with_metadata);
  if (!page) return nullptr;
  add(context_->counted.replay_pages);
  if (page->events->size() > 0 && page->events->last() < context_->tail.head()) {
    // Only what lies in the past: there the page is as long as it ever will be.
    kept_.push_back({after, page});
    if (kept_.size() > pages_kept) kept_.pop_front();
  }
  return page;
}

/// Cut at the tail's head: a standby may have what the primary has not answered yet. Null if it has nothing that follows
/// `after`: whether it lags or retention has been there, the primary knows.
replay_page_ptr journal_reader_state::page_of_standby(position_t after, bool with_metadata) {
  const auto confirmed = context_->bounds();
  if (!confirmed || after < confirmed->floor || after >= confirmed->head) return nullptr;
  auto page = std::make_shared<replay_page>();
  page->epoch = confirmed->current_epoch();
  page->with_metadata = with_metadata;
  position_t first = 0;
  const auto current = standby_->read(*confirmed, [&](journal_connection& connection) {
    page->events = read_events(connection, after, {confirmed->head - after, 0, with_metadata}, *confirmed, first);
  });
  if (!current || first != after + 1) return nullptr;
  add(context_->counted.replay_standby_pages);
  return page;
}

replay_page_ptr journal_reader_state::page_of_primary(journal_connection& connection, position_t after,
                                                      bool with_metadata) {
  auto page = std::make_shared<replay_page>();
  page->epoch = bounds_.current_epoch();
  page->with_metadata = with_metadata;
  position_t first = 0;
  page->events = read_events(connection, after, {std::numeric_limits<std::size_t>::max(), 0, with_metadata}, bounds_, first);
  if (first != after + 1) page->removed_up_to = connection.bounds().floor;
  return page;
}

/// `limits` say how many are wanted at most, and what of them; pages begin and end alike for everybody.
std::shared_ptr<const log_segment> journal_reader_state::read_events(journal_connection& connection, position_t after,
                                                                     page_limits limits, const journal_bounds& bounds,
                                                                     position_t& first) {
  const auto& options = context_->configuration.journal;
  limits.events = std::min(options.page_events - after % options.page_events, limits.events);
  limits.bytes = options.page_bytes;
  collected_page collected;
  connection.read_after(after, limits, [&](const event_view& event) {
    // Positions are dense, so a hole shows what retention took, and nothing behind it follows `after`.
    if (event.position == after + collected.marks.size() + 1) collected.add(event, bounds.epoch_of(event.position));
  });
  first = collected.first;
  return collected.segment(after + 1, context_->counted.replay_bytes_held);
}

void journal_reader_state::bounds(const connection_handler_actor& handler) {
  if (context_->stopping.stopped()) return;
  try {
    if (auto* connection = current_connection())
      return caf::anon_send(handler, bounds_atom::value, std::make_shared<const journal_bounds>(connection->bounds()));
  } catch (const std::exception& why) {
    lost(why);
  }
  link_->wait();
  caf::anon_send(journal_reader_actor(self_), bounds_atom::value, handler);
}

void journal_reader_state::bounds(completion<journal_bounds>& done) {
  try {
    if (auto* connection = current_connection()) return done(connection->bounds());
  } catch (const std::exception& why) {
    lost(why);
  }
  done(errc::journal_unavailable);
}

std::optional<stored_event> journal_reader_state::find_at_standby(position_t position) {
  const auto confirmed = context_->bounds();
  if (!confirmed || position <= confirmed->floor || position > confirmed->head) return std::nullopt;
  std::optional<stored_event> found;
  if (!standby_->read(*confirmed, [&](journal_connection& connection) { found = connection.find(position); }))
    return std::nullopt;
  return found;
}

/// One step, and the next one after those who have asked meanwhile.
void journal_reader_state::settle(const settle_request_ptr& request) {
  try {
    if (auto* connection = current_connection(); connection && !context_->stopping.stopped()) {
      if (request->search.step(*connection)) return request->done(request->search.found());
      return caf::anon_send(journal_reader_actor(self_), settle_atom::value, request);
    }
  } catch (const std::exception& why) {
    lost(why);
  }
  request->done(errc::journal_unavailable);
}

void journal_reader_state::find(position_t position, completion<stored_event>& done) {
  try {
    if (auto event = find_at_standby(position)) return done(std::move(*event));
    if (auto* connection = current_connection()) {
      if (auto event = connection->find(position)) return done(std::move(*event));
      return done(position > 0 && position <= connection->bounds().floor ? errc::event_expired : errc::event_not_found);
    }
  } catch (const std::exception& why) {
    lost(why);
  }
  done(errc::journal_unavailable);
}

journal_reader_actor::behavior_type journal_reader(journal_reader_state::pointer self, relay_context* context) {
  self->state.start(*context);
  return {
      [self](page_atom, position_t after, bool with_metadata, const connection_handler_actor& handler) {
        self->state.page(after, with_metadata, handler);
      },
      [self](ahead_atom, position_t after, bool with_metadata) { self->state.read_ahead(after, with_metadata); },
      [self](bounds_atom, const connection_handler_actor& handler) { self->state.bounds(handler); },
      [self](bounds_atom, const bounds_completion_ptr& done) { self->state.bounds(*done); },
      [self](find_atom, position_t position, const find_completion_ptr& done) { self->state.find(position, *done); },
      [self](settle_atom, const settle_request_ptr& request) { self->state.settle(request); },
      [self](stop_atom) { self->quit(); },
  };
}

}  // namespace event_relay
