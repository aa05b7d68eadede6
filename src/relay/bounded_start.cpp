#include "event_relay/relay/bounded_start.hpp"

#include "event_relay/relay/start_decision.hpp"

#include <algorithm>

namespace event_relay {
namespace {

sse::start_point start_at(position_t after, const journal_bounds& bounds) {
  const event_id id{bounds.current_epoch(), after};
  return sse::start_after{id.epoch, id.position, to_string(id)};
}

}  // namespace

position_t last_before(timestamp time, journal_connection& connection, const journal_bounds& bounds) {
  page_limits one;
  one.events = 1;
  one.with_metadata = true;
  auto low = bounds.floor;  // before the time, as far as anybody can tell
  auto high = bounds.head + 1;
  while (high - low > 1) {
    const auto middle = low + (high - low) / 2;
    timestamp at;
    connection.read_after(middle - 1, one, [&](const event_view& event) { at = event.stored_at; });
    (at < time ? low : high) = middle;
  }
  return low;
}

start_search::start_search(bounded_start asked) : asked_(std::move(asked)) {}

bool start_search::step(journal_connection& connection) {
  switch (phase_) {
    case phase::beginning: begin(connection); break;
    case phase::counting: count_what_it_had(connection); break;
    case phase::looking_ahead: look_ahead(connection); break;
    case phase::over: break;
  }
  return phase_ == phase::over;
}

void start_search::begin(journal_connection& connection) {
  const auto bounds = connection.bounds();
  auto start = asked_.since ? start_at(last_before(*asked_.since, connection, bounds), bounds) : asked_.named;
  phase_ = phase::over;
  if (!asked_.came_back) return void(found_ = {std::move(start), asked_.limit});
  found_ = {*asked_.came_back, asked_.limit};
  const auto decision = *decide_start(*asked_.came_back, bounds, gap_policy::earliest, true);
  if (decision.gap) return;  // the stream tells of it
  had_up_to_ = decision.after;
  if (!asked_.limit || std::holds_alternative<sse::start_live>(start)) return end_counting();
  after_ = decide_start(start, bounds, gap_policy::earliest, true)->after;
  phase_ = phase::counting;
}

void start_search::count_what_it_had(journal_connection& connection) {
  const auto read = connection.read_after(after_, {}, [this](const event_view& event) {
    after_ = event.position;
    if (after_ <= had_up_to_ && wants(event)) ++count_;
  });
  if (read > 0 && after_ < had_up_to_ && count_ < *asked_.limit) return;
  *found_.limit -= std::min(count_, *asked_.limit);
  found_.is_over = *found_.limit == 0;
  end_counting();
}

/// What is left to see is whether an event that is wanted comes after the position and before the time.
void start_search::end_counting() {
  const bool time_has_passed = asked_.until && *asked_.until <= std::chrono::system_clock::now();
  phase_ = time_has_passed && !found_.is_over ? phase::looking_ahead : phase::over;
  after_ = had_up_to_;
}

void start_search::look_ahead(journal_connection& connection) {
  page_limits limits;
  limits.with_metadata = true;
  bool reached = false;
  bool any = false;
  const auto read = connection.read_after(after_, limits, [&](const event_view& event) {
    after_ = event.position;
    reached = reached || event.stored_at >= *asked_.until;
    any = any || (!reached && wants(event));
  });
  if (read > 0 && !reached && !any) return;
  found_.is_over = !any;
  phase_ = phase::over;
}

bool start_search::wants(const event_view& event) const {
  return !asked_.wanted || asked_.wanted->wants(event.topic, event.type);
}

}  // namespace event_relay
