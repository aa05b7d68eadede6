#include "journal/postgres_connection.hpp"
#include "journal/statements.hpp"

#include <algorithm>
#include <limits>

namespace event_relay {
namespace {

std::string_view text(const pqxx::field& field) {
  return {field.c_str(), field.size()};
}

/// Positions come from clients too and may be larger than a bigint; nothing is stored up there.
std::int64_t as_bigint(position_t position) {
  return static_cast<std::int64_t>(std::min<position_t>(position, std::numeric_limits<std::int64_t>::max()));
}

timestamp time_of(const pqxx::field& micros) {
  return timestamp{std::chrono::microseconds{micros.as<std::int64_t>()}};
}

event_view to_event(const pqxx::row& row, bool with_metadata) {
  event_view event{row[0].as<position_t>(), topic_id{row[1].as<std::uint32_t>()}, text(row[2]), text(row[3]), {}, {}};
  if (!with_metadata) return event;
  event.stored_at = time_of(row[5]);
  event.attributes = text(row[6]);
  return event;
}

bool is_withheld(const pqxx::row& row) {
  return !row[4].is_null();
}

/// How many of the rows fit into so many bytes of data; the first does in any case.
std::size_t fitting(const pqxx::result& rows, std::size_t bytes) {
  std::size_t total = 0;
  std::size_t count = 0;
  for (const auto& row : rows) {
    total += is_withheld(row) ? row[4].as<std::size_t>() : row[3].size();
    if (count > 0 && total > bytes) break;
    ++count;
  }
  return count;
}

/// Up to the limit or the first row that is withheld. Returns how many. In one pass: each look at a field costs two atomic
/// operations in libpqxx 6, and a replay is little else.
std::size_t hand_out(const pqxx::result& rows, const page_limits& limits, const event_sink& sink) {
  std::size_t total = 0;
  std::size_t count = 0;
  for (const auto& row : rows) {
    if (is_withheld(row)) break;
    const auto event = to_event(row, limits.with_metadata);
    total += event.data.size();
    if (count > 0 && total > limits.bytes) break;
    sink(event);
    ++count;
  }
  return count;
}

}  // namespace

/// Positions are dense, so a page is a range of them. An empty one lies beyond the head, or in what retention has
/// taken.
pqxx::result postgres_connection::page_after(position_t after, std::size_t events, epoch_t epoch,
                                             const char* statement) {
  auto rows = session_.run(statement, as_bigint(after), as_bigint(after + events), epoch);
  if (!rows.empty()) return rows;
  const auto first = session_.run(statements::first_after, as_bigint(after));
  if (first.empty()) return rows;
  const auto begin = first[0][0].as<position_t>() - 1;
  return session_.run(statement, as_bigint(begin), as_bigint(begin + events), epoch);
}

std::size_t postgres_connection::read_after(position_t after, page_limits limits, const event_sink& sink) {
  const auto rows = page_after(after, page_size_.rows(limits.events), limits.epoch,
                               limits.with_metadata ? statements::page_with_metadata : statements::page);
  if (rows.empty()) return 0;
  if (const auto count = hand_out(rows, limits, sink); count > 0) {
    page_size_.learn(rows.size(), count);
    return count;
  }
  // The first one is large. Now that the sizes are known, ask for just those that fit.
  const auto fits = fitting(rows, limits.bytes);
  page_size_.learn(rows.size(), fits);
  const auto last = rows[static_cast<pqxx::result::size_type>(fits - 1)][0].as<std::int64_t>();
  const auto* statement = limits.with_metadata ? statements::whole_events_with_metadata : statements::whole_events;
  const auto whole = session_.run(statement, as_bigint(after), last, limits.epoch);
  for (const auto& row : whole) sink(to_event(row, limits.with_metadata));
  return whole.size();
}

std::optional<stored_event> postgres_connection::find(position_t position) {
  const auto rows = session_.run(statements::find, as_bigint(position));
  if (rows.empty()) return std::nullopt;
  const auto row = rows[0];
  return stored_event{{row[0].as<epoch_t>(), position},
                      topic_id{row[1].as<std::uint32_t>()},
                      std::string{text(row[2])},
                      std::string{text(row[3])},
                      time_of(row[4]),
                      std::string{text(row[5])}};
}

}  // namespace event_relay
