#include "event_relay/relay/bounded_start.hpp"

#include "event_relay/relay/start_decision.hpp"

#include <functional>

namespace event_relay {
namespace {

sse::start_point start_at(position_t after, const journal_bounds& bounds) {
  const event_id id{bounds.current_epoch(), after};
  return sse::start_after{id.epoch, id.position, to_string(id)};
}

/// Shows every wanted event after `after` until it says stop. False: it never did.
bool search(position_t after, const filter* wanted, journal_connection& connection,
            const std::function<bool(const event_view&)>& stop) {
  page_limits limits;
  limits.with_metadata = true;
  for (bool found = false;;) {
    const auto count = connection.read_after(after, limits, [&](const event_view& event) {
      after = event.position;
      found = found || ((!wanted || wanted->wants(event.topic, event.type)) && stop(event));
    });
    if (found || count == 0) return found;
  }
}

std::uint64_t count_between(position_t after, position_t last, std::uint64_t most, const bounded_start& asked,
                            journal_connection& connection) {
  std::uint64_t count = 0;
  search(after, asked.wanted.get(), connection, [&](const event_view& event) {
    if (event.position <= last) ++count;
    return event.position >= last || count == most;
  });
  return count;
}

/// No event that is wanted comes after the position and before the time; also none in the future.
bool nothing_until(timestamp time, position_t after, const bounded_start& asked, journal_connection& connection) {
  bool any = false;
  search(after, asked.wanted.get(), connection, [&](const event_view& event) {
    any = event.stored_at < time;
    return true;
  });
  return !any && time <= std::chrono::system_clock::now();
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

settled_start settle(const bounded_start& asked, journal_connection& connection, const journal_bounds& bounds) {
  auto start = asked.since ? start_at(last_before(*asked.since, connection, bounds), bounds) : asked.named;
  if (!asked.came_back) return {std::move(start), asked.limit};
  settled_start settled{*asked.came_back, asked.limit};
  const auto decision = *decide_start(*asked.came_back, bounds, gap_policy::earliest, true);
  if (decision.gap) return settled;  // the stream tells of it
  if (asked.limit && !std::holds_alternative<sse::start_live>(start)) {
    const auto from = decide_start(start, bounds, gap_policy::earliest, true)->after;
    *settled.limit -= count_between(from, decision.after, *asked.limit, asked, connection);
    settled.is_over = *settled.limit == 0;
  }
  if (asked.until) settled.is_over = settled.is_over || nothing_until(*asked.until, decision.after, asked, connection);
  return settled;
}

}  // namespace event_relay
