#include "journal/sqlite_connection.hpp"

#include <algorithm>

namespace event_relay {
namespace {

// Retention moves the floor before it removes anything, and what is below is not shown any more.
constexpr const char* page = R"(
  SELECT position, topic_id, type, data FROM journal
   WHERE position > max(?, (SELECT floor FROM state)) ORDER BY position LIMIT ?)";
constexpr const char* page_with_metadata = R"(
  SELECT position, topic_id, type, data, created_at, attributes FROM journal
   WHERE position > max(?, (SELECT floor FROM state)) ORDER BY position LIMIT ?)";

event_view to_event(const sqlite_rows& row, bool with_metadata) {
  event_view event{row.number<position_t>(0), topic_id{row.number<std::uint32_t>(1)}, row.text(2), row.text(3), {}, {}};
  if (!with_metadata) return event;
  event.stored_at = row.time(4);
  event.attributes = row.text(5);
  return event;
}

}  // namespace

std::size_t sqlite_connection::read_after(position_t after, page_limits limits, const event_sink& sink) {
  return session_.read([&]() -> std::size_t {
    if (limits.epoch != 0 && read_bounds().current_epoch() != limits.epoch) return 0;
    auto rows =
        session_.rows(limits.with_metadata ? page_with_metadata : page, after, std::max<std::size_t>(limits.events, 1));
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (rows.next()) {
      const auto event = to_event(rows, limits.with_metadata);
      bytes += event.data.size();
      if (count > 0 && bytes > limits.bytes) break;
      sink(event);
      ++count;
    }
    return count;
  });
}

std::optional<stored_event> sqlite_connection::find(position_t position) {
  return session_.read([&]() -> std::optional<stored_event> {
    auto row = session_.rows(R"(SELECT (SELECT max(e.epoch) FROM epoch e WHERE e.first_position <= j.position),
                                       j.topic_id, j.type, j.data, j.created_at, j.attributes
                                  FROM journal j, state s WHERE j.position = ? AND j.position > s.floor)",
                             position);
    if (!row.next()) return std::nullopt;
    return stored_event{{row.number<epoch_t>(0), position},
                        topic_id{row.number<std::uint32_t>(1)},
                        std::string{row.text(2)},
                        std::string{row.text(3)},
                        row.time(4),
                        std::string{row.text(5)}};
  });
}

}  // namespace event_relay
