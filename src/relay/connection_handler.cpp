#include "event_relay/relay/connection_handler.hpp"

#include "event_relay/core/jitter.hpp"
#include "event_relay/core/log.hpp"
#include "event_relay/relay/start_decision.hpp"
#include "event_relay/sse/reset_event.hpp"

#include <utility>

namespace event_relay {
namespace {

// Then others have their turn: a subscriber far behind must not keep a thread from a thousand that are live.
constexpr int writes_per_turn = 8;

// A commit that was under way at the end of a bounded stream has become visible by then.
constexpr std::chrono::seconds commit_time{1};

/// When nothing can come any more that belongs to such a stream. Nothing: never.
std::optional<std::chrono::milliseconds> time_limit(const stream_form& form) {
  if (form.ends_at_head()) return form.patience;
  if (!form.until) return std::nullopt;
  const auto left = *form.until + commit_time - std::chrono::system_clock::now();
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(left), std::chrono::milliseconds(0));
}

}  // namespace

void connection_handler_state::start(relay_context& context, stream_request request,
                                     std::shared_ptr<wake_flag> flag) {
  context_ = &context;
  stream_ = std::move(request.stream);
  permit_ = std::move(request.permit);
  witness_ = std::move(request.witness);
  flag_ = std::move(flag);
  start_ = std::make_unique<const sse::start_point>(std::move(request.start));
  on_gap_ = request.on_gap;
  framing_ = request.framing;
  last_progress_ = self_->clock().now();
  cursor_.emplace(context.tail, context.status, std::move(request.wanted), request.form, framing_);
  sent_bytes_ = request.sent_bytes;
  cursor_->queue(request.unsent);
  cursor_->say(cursor_->words().opening());
  ends_at_head_ = request.form.ends_at_head();
  tells_cursor_ = request.form.tells_cursor;
  live_untold_ = request.form.tells_live && !ends_at_head_;  // a page ends there
  add(context.counted.streams_opened);

  const connection_handler_actor me = self_;
  stream_->notify_when_closed([me](bool too_much) { caf::anon_send(me, peer_gone_atom::value, too_much); });
  ask_for_turn(turn::closed_check, options().closed_check);
  if (options().max_age.count() > 0) ask_for_turn(turn::max_age, jittered(options().max_age));
  if (const auto limit = time_limit(request.form)) {
    time_is_up_ = limit->count() == 0;
    if (!time_is_up_) ask_for_turn(turn::time_limit, *limit);
  }
  if (!request.consumer.empty()) claim(std::move(request.consumer));
  pump();
}

/// The journal decides where it goes on; until then there are heartbeats.
void connection_handler_state::claim(std::string consumer) {
  doing_ = doing::awaiting_claim;
  unclaimed_ = true;
  caf::anon_send(context_->consumers, claim_atom::value,
                 std::make_shared<const claim_request>(
                     claim_request{std::move(consumer), *start_, on_gap_, connection_handler_actor(self_)}));
}

void connection_handler_state::claimed(const consumer& consumer) {
  consumer_ = std::make_unique<const event_relay::consumer>(consumer);
  start_ = std::make_unique<const sse::start_point>(
      sse::start_after{consumer.cursor.epoch, consumer.cursor.position, to_string(consumer.cursor)});
  unclaimed_ = false;
  if (doing_ == doing::awaiting_claim) doing_ = doing::idle;
  pump();
}

/// Writes until there is nothing to write or the socket takes no more. Every message ends up here.
void connection_handler_state::pump() {
  if (doing_ == doing::blocked || doing_ == doing::yielding) return;
  at_head_ = false;
  if (doing_ == doing::idle) flag_->clear();  // before the tail is read: what comes later wakes us again
  for (int writes = 0; writes < writes_per_turn; ++writes) {
    const bool boundary = cursor_->on_frame_boundary();
    if (boundary && closing_) return finish(*closing_, client_stream::ending::orderly);
    if (boundary && (doing_ != doing::idle || !is_current())) {
      if (!gives_up()) return rearm_heartbeat();
      say_last_words(close_reason::complete);
    }
    write_plan plan;
    switch (cursor_->next(plan)) {
      case cursor::need::write:
        if (!write(plan)) return;
        break;
      case cursor::need::page:
        if (owes_position())
          cursor_->tell_position();
        else if (gives_up())
          say_last_words(close_reason::complete);
        else
          return await_page();
        break;
      case cursor::need::enter: break;  // the next round's is_current() does
      case cursor::need::end: say_last_words(close_reason::complete); break;
      case cursor::need::wait:
        if (is_complete_at_head()) {
          say_last_words(close_reason::complete);
        } else if (!say_what_is_due()) {
          at_head_ = is_live_ = true;
          return rearm_heartbeat();
        }
        break;
    }
  }
  doing_ = doing::yielding;
  caf::anon_send(connection_handler_actor(self_), go_on_atom::value);
}

/// False: the turn is over, because the socket is full or broken.
bool connection_handler_state::write(write_plan& plan) {
  const auto written = stream_->try_write(plan.buffers());
  if (!written) {
    finish(close_reason::write_failed, client_stream::ending::abrupt);
    return false;
  }
  if (*written > 0) last_progress_ = self_->clock().now();
  count(plan, *written, cursor_->wrote(plan, *written));
  if (*written == plan.bytes()) return true;
  await_writable();
  return false;
}

/// Once for each write, however many events it carries: all of them count as late as the oldest one is.
void connection_handler_state::count(const write_plan& plan, std::size_t bytes, std::size_t events) {
  auto& counted = context_->counted;
  sent_bytes_ += bytes;
  add(counted.write_calls);
  add(counted.bytes_written, bytes);
  if (plan.is_replay()) add(counted.replay_bytes, bytes);
  if (events == 0) return;
  sent_events_ += events;
  add(counted.deliveries, events);
  if (plan.is_replay())
    add(counted.replay_deliveries, events);
  else if (is_live_)
    counted.delivery_latency.observe(log_segment::between(plan.had_at(), log_segment::moment_of(last_progress_)),
                                     events);
}

void connection_handler_state::await_writable() {
  doing_ = doing::blocked;
  // A page is shared while it is read, but a reader that stalls must not hold its memory when memory is short.
  const auto held = context_->counted.replay_bytes_held.load(std::memory_order_relaxed);
  if (held > static_cast<std::int64_t>(options().replay_bytes)) cursor_->drop_page();
  const connection_handler_actor me = self_;
  stream_->notify_when_writable([me] { caf::anon_send(me, go_on_atom::value); });
}

void connection_handler_state::await_page() {
  doing_ = doing::awaiting_page;
  is_live_ = false;
  const auto after = cursor_->position();
  if (!std::exchange(page_requested_, true))
    caf::anon_send(context_->reader_for(after), page_atom::value, after, cursor_->needs_metadata(),
                   connection_handler_actor(self_));
  rearm_heartbeat();
}

void connection_handler_state::advanced(epoch_t epoch, position_t nothing_up_to) {
  // The holder has seen that nothing for us lies between where we went idle and there: skip it, or a subscriber of a
  // quiet topic would fall out of the tail and have to read the journal for events that it does not want.
  if (at_head_ && epoch == cursor_->epoch() && nothing_up_to > cursor_->position()) cursor_->move_to(nothing_up_to);
  pump();
}

void connection_handler_state::go_on() {
  if (doing_ == doing::yielding || doing_ == doing::blocked) doing_ = doing::idle;
  pump();
}

void connection_handler_state::page(const replay_page& page) {
  page_requested_ = false;
  const bool waited = doing_ == doing::awaiting_page;
  if (waited) {
    doing_ = doing::idle;
    flag_->clear();  // before the bounds are read, as in pump()
  }
  if (take(page) || !waited) return pump();
  // The journal has less than the tail began with: a new epoch is about to be told. Until then, asking again would spin.
  rearm_heartbeat();
}

/// False: the page is of use and has nothing. One that does not fit (any more) is passed over; pump() asks again.
bool connection_handler_state::take(const replay_page& page) {
  const auto bounds = context_->bounds();
  if (!bounds || page.epoch != cursor_->epoch() || bounds->current_epoch() != page.epoch) return true;
  if (page.events->first() != cursor_->position() + 1) return true;
  if (page.removed_up_to > cursor_->position())
    begin({on_gap_ == gap_policy::live ? bounds->head : page.removed_up_to, sse::gap_reason::expired}, *bounds);
  else if (page.events->size() > 0)
    cursor_->take_page(page.events);
  else
    return false;
  return true;
}

/// Whether the cursor stands in the history that the tail follows; moves it there if it can be decided now.
bool connection_handler_state::is_current() {
  if (unclaimed_) {
    doing_ = doing::awaiting_claim;  // again, after a socket that was full
    return false;
  }
  const auto epoch = context_->tail.epoch();
  if (epoch == cursor_->epoch() && epoch != 0) return true;
  const auto bounds = context_->bounds();
  if (!bounds) return false;  // the holder wakes everybody when the tail begins or changes its history
  if (has_begun()) {
    begin(continue_in_new_epoch(cursor_->epoch(), cursor_->position(), *bounds), *bounds);
  } else if (const auto decision = decide_start(*start_, *bounds, on_gap_, false)) {
    begin(*decision, *bounds);
  } else {
    doing_ = doing::awaiting_bounds;
    caf::anon_send(context_->readers.front(), bounds_atom::value, connection_handler_actor(self_));
    return false;
  }
  return true;
}

void connection_handler_state::fresh_bounds(const journal_bounds& bounds) {
  if (doing_ != doing::awaiting_bounds) return;
  doing_ = doing::idle;
  if (!has_begun() && bounds.current_epoch() == context_->tail.epoch())
    begin(*decide_start(*start_, bounds, on_gap_, true), bounds);
  pump();
}

void connection_handler_state::begin(const start_decision& decision, const journal_bounds& bounds) {
  is_live_ = false;
  if (decision.gap) {
    const auto your_id = has_begun() ? to_string(event_id{cursor_->epoch(), cursor_->position()})
                                     : sse::text_of(*start_);
    const event_id resume{bounds.current_epoch(), decision.after};
    cursor_->say_control("relay.reset", sse::reset_body(*decision.gap, your_id, resume), resume);
    add(context_->counted.resets[static_cast<std::size_t>(*decision.gap)]);
  }
  cursor_->move_to(decision.after);
  cursor_->enter(bounds.current_epoch());
  // A client that came without an id would lose, if it were cut off now, what is published until it comes back.
  if (start_ && !decision.gap && std::holds_alternative<sse::start_after>(*start_)) cursor_->knows_position();
  else if (start_ && !decision.gap && tells_cursor_) cursor_->tell_position();
  start_.reset();
}

connection_handler_actor::behavior_type connection_handler(connection_handler_state::pointer self,
                                                           relay_context* context, stream_request_ptr request,
                                                           std::shared_ptr<wake_flag> flag) {
  self->state.start(*context, std::move(*request), std::move(flag));
  return {
      [self](advanced_atom, epoch_t epoch, position_t nothing_up_to) {
        self->state.advanced(epoch, nothing_up_to);
      },
      [self](go_on_atom) { self->state.go_on(); },
      [self](peer_gone_atom, bool too_much) {
        self->state.finish(too_much ? close_reason::too_much_input : close_reason::peer_closed,
                           client_stream::ending::abrupt);
      },
      [self](turn_atom, turn what) { self->state.take_turn(what); },
      [self](page_atom, const replay_page_ptr& page) { self->state.page(*page); },
      [self](bounds_atom, const bounds_ptr& bounds) { self->state.fresh_bounds(*bounds); },
      [self](claim_atom, const consumer_ptr& consumer) { self->state.claimed(*consumer); },
      [self](superseded_atom, supersession why) { self->state.superseded(why); },
      [self](stop_atom, close_reason reason) { self->state.finish(reason, client_stream::ending::abrupt); },
  };
}

}  // namespace event_relay
