// What a handler does beside writing events: heartbeats, closed checks, and the end of its stream.

#include "event_relay/core/jitter.hpp"
#include "event_relay/core/log.hpp"
#include "event_relay/relay/connection_handler.hpp"
#include "event_relay/sse/frame.hpp"

#include <utility>

namespace event_relay {
namespace {

// After so much of a filtered replay the subscriber is told where it is, should it be cut off.
constexpr position_t untold_at_most = 1'000;

}  // namespace

bool connection_handler_state::owes_position() const {
  return tells_cursor_ && cursor_->untold() >= untold_at_most;
}

/// Two clients that take a consumer from each other would go on for ever if each came back at once.
void connection_handler_state::superseded(supersession why) {
  if (closing_) return;
  constexpr const char* reasons[] = {"another_reader", "reset", "removed"};
  const event_id place = has_begun() ? event_id{cursor_->epoch(), cursor_->position()} : consumer_->cursor;
  cursor_->say_control("relay.superseded",
                       R"({"consumer":")" + consumer_->name + R"(","reason":")" +
                           reasons[static_cast<std::size_t>(why)] + R"("})",
                       place);
  if (why == supersession::another_reader && cursor_->words().is_event_stream())
    cursor_->say(sse::retry_line(10 * jittered(options().retry)));
  say_last_words(close_reason::superseded);
  pump();
}

/// At the head: a page ends with what there is, and waits for something only if there is nothing.
bool connection_handler_state::is_complete_at_head() const {
  return time_is_up_ || (ends_at_head_ && cursor_->delivered() > 0);
}

/// Waiting for the journal: a page waits no longer than its client does for an event, if it may be long.
bool connection_handler_state::gives_up() const {
  return ends_at_head_ && time_is_up_ && !context_->status.readable;
}

/// At the head, before waiting. True: something is queued now.
bool connection_handler_state::say_what_is_due() {
  if (std::exchange(live_untold_, false)) {
    const event_id place{cursor_->epoch(), cursor_->position()};
    cursor_->say_control("relay.live", R"({"id":")" + to_string(place) + R"("})", place);
    return true;
  }
  if (!owes_position()) return false;
  cursor_->tell_position();
  return true;
}

void connection_handler_state::take_turn(turn what) {
  switch (what) {
    case turn::heartbeat: return beat();
    case turn::closed_check: return check_peer();
    case turn::max_age: return begin_close(close_reason::max_age);
    case turn::time_limit: time_is_up_ = true; return pump();
    case turn::drain: return begin_close(close_reason::drained);
  }
}

void connection_handler_state::beat() {
  heartbeat_armed_ = false;
  if (closing_) return;
  const auto quiet = self_->clock().now() - last_progress_;
  // No comment into a half-written frame; and to a blocked socket only when it has taken the rest.
  if (doing_ != doing::blocked && quiet >= options().heartbeat) {
    if (tells_cursor_ && doing_ == doing::idle && cursor_->untold() > 0) cursor_->tell_position();
    else cursor_->say(cursor_->words().heartbeat());
    add(context_->counted.heartbeats);
  }
  pump();
}

/// Once everything due is written, so that the next heartbeat is scheduled only after the last one went out.
void connection_handler_state::rearm_heartbeat() {
  if (heartbeat_armed_ || !cursor_->on_frame_boundary()) return;
  heartbeat_armed_ = true;
  const auto quiet =
      std::chrono::duration_cast<std::chrono::milliseconds>(self_->clock().now() - last_progress_);
  ask_for_turn(turn::heartbeat, std::max(options().heartbeat - quiet, std::chrono::milliseconds(1)));
}

void connection_handler_state::check_peer() {
  if (!stream_->peer_is_there()) return finish(close_reason::closed_check, client_stream::ending::abrupt);
  const auto stalled = self_->clock().now() - last_progress_;
  if (doing_ == doing::blocked && stalled >= options().stall_timeout)
    return finish(close_reason::stalled, client_stream::ending::abrupt);
  if (doing_ == doing::blocked && stalled >= options().closed_check) cursor_->drop_page();
  ask_for_turn(turn::closed_check, options().closed_check);
}

void connection_handler_state::begin_close(close_reason reason) {
  say_last_words(reason);
  pump();
}

/// The stream ends when what is half written is whole; the client is told when to come back, each at another time.
void connection_handler_state::say_last_words(close_reason reason) {
  if (closing_) return;
  closing_ = reason;
  if (cursor_->words().is_event_stream() && reason != close_reason::complete && reason != close_reason::superseded)
    cursor_->say(sse::retry_line(jittered(options().retry)));
  cursor_->say(cursor_->words().closing({cursor_->epoch(), cursor_->position()}));
  if (framing_ == sse::body_framing::chunked) cursor_->queue(sse::last_chunk);
}

void connection_handler_state::finish(close_reason reason, client_stream::ending how) {
  context_->counted.count(reason);
  context_->counted.stream_bytes.observe(sent_bytes_);
  if (witness_) witness_->ended(reason, sent_events_, sent_bytes_);
  log::debug("stream closed", {{"reason", name_of(reason)}, {"position", cursor_->position()}});
  stream_->close(how);
  self_->quit();
}

void connection_handler_state::ask_for_turn(turn what, std::chrono::milliseconds delay) {
  context_->timers->remind(what, self_->id(), delay);
}

}  // namespace event_relay
