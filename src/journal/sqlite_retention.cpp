#include "journal/sqlite_clock.hpp"
#include "journal/sqlite_connection.hpp"

#include <algorithm>

namespace event_relay {
namespace {

// A publisher may wait for as long as it takes to remove a piece.
constexpr position_t piece = 2'000;

// For one call; the next one goes on.
constexpr std::chrono::seconds enough_work{3};

}  // namespace

/// Piece by piece, and each time the floor first, by a commit of its own: a reader that finds a hole looks at the floor
/// to learn why. The space is used again by later events; the file does not shrink.
retained sqlite_connection::retain(const retention_limits& limits) {
  const auto end = std::chrono::steady_clock::now() + enough_work;
  retained done;
  const auto move_floor = [&] {
    const auto bounds = read_bounds();
    done.floor = expired(limits, bounds);
    if (done.floor > bounds.floor) session_.change("UPDATE state SET floor = ?", done.floor);
    return done.floor > bounds.floor;
  };
  const auto remove = [&] { return session_.change("DELETE FROM journal WHERE position <= ?", done.floor); };
  for (bool more = true; more && std::chrono::steady_clock::now() < end;) {
    more = session_.write(move_floor);
    // Also when the floor stays: somebody may have been interrupted after he moved it.
    if (session_.write(remove) > 0) ++done.partitions_dropped;
  }
  return done;
}

/// Where the floor goes next: at most a piece further, and never to the newest event.
position_t sqlite_connection::expired(const retention_limits& limits, const journal_bounds& bounds) {
  auto reach = std::min(bounds.floor + piece, std::max<position_t>(bounds.head, 1) - 1);
  if (!limits.overtake_consumers) {
    auto rows = session_.rows("SELECT min(position) FROM consumer");
    if (rows.next() && !rows.is_null(0)) reach = std::min(reach, rows.number<position_t>(0));
  }
  position_t last = bounds.floor;
  if (limits.max_events > 0 && bounds.head > limits.max_events) last = std::max(last, bounds.head - limits.max_events);
  if (limits.max_bytes > 0 && used_bytes() > limits.max_bytes) last = std::max(last, reach);
  if (limits.max_age.count() > 0) {
    auto young =
        session_.rows("SELECT min(position) FROM journal WHERE position > ? AND position <= ? AND created_at >= ?",
                      bounds.floor, reach, current_time() - limits.max_age);
    young.next();  // the first one: clocks may have been set back since, and what is older may come after it
    last = std::max(last, young.is_null(0) ? reach : young.number<position_t>(0) - 1);
  }
  return std::max(bounds.floor, std::min(last, reach));
}

/// Without pages that are free.
std::uint64_t sqlite_connection::used_bytes() {
  auto rows = session_.rows(R"(SELECT (c.page_count - f.freelist_count) * s.page_size
                                 FROM pragma_page_count c, pragma_freelist_count f, pragma_page_size s)");
  rows.next();
  return rows.number<std::uint64_t>(0);
}

}  // namespace event_relay
