#include "journal/sqlite_clock.hpp"
#include "journal/sqlite_connection.hpp"

namespace event_relay {
namespace {

consumer to_consumer(const sqlite_rows& row) {
  return {std::string{row.text(0)},
          {row.number<epoch_t>(1), row.number<position_t>(2)},
          row.number<std::uint64_t>(3),
          row.time(4),
          row.time(5)};
}

}  // namespace

std::vector<consumer> sqlite_connection::consumers() {
  return session_.read([this] {
    std::vector<consumer> all;
    auto rows = session_.rows("SELECT name, epoch, position, reader, created_at, acked_at FROM consumer ORDER BY name");
    while (rows.next()) all.push_back(to_consumer(rows));
    return all;
  });
}

std::optional<consumer> sqlite_connection::find_consumer(const std::string& name) {
  auto rows =
      session_.rows("SELECT name, epoch, position, reader, created_at, acked_at FROM consumer WHERE name = ?", name);
  if (!rows.next()) return std::nullopt;
  return to_consumer(rows);
}

std::uint64_t sqlite_connection::next_claim() {
  auto rows = session_.rows("UPDATE state SET claims = claims + 1 RETURNING claims");
  rows.next();
  return rows.number<std::uint64_t>(0);
}

consumer sqlite_connection::claim_consumer(const std::string& name, event_id first) {
  return session_.write([&] {
    const auto now = current_time();
    session_.change(R"(INSERT INTO consumer (name, epoch, position, reader, created_at, acked_at)
                       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET reader = excluded.reader)",
                    name, first.epoch, first.position, next_claim(), now, now);
    return find_consumer(name).value();
  });
}

/// Forwards only: an acknowledgement that was overtaken by a later one changes nothing. A later epoch is always ahead,
/// as its ids are given to nobody who has not been told of it.
std::optional<consumer> sqlite_connection::acknowledge(const std::string& name, event_id to) {
  return session_.write([&] {
    session_.change(R"(UPDATE consumer SET epoch = ?1, position = ?2, acked_at = ?3
                        WHERE name = ?4 AND (epoch, position) < (?1, ?2))",
                    to.epoch, to.position, current_time(), name);
    return find_consumer(name);
  });
}

std::optional<consumer> sqlite_connection::reset_consumer(const std::string& name, event_id to) {
  return session_.write([&] {
    session_.change("UPDATE consumer SET epoch = ?, position = ?, acked_at = ?, reader = ? WHERE name = ?", to.epoch,
                    to.position, current_time(), next_claim(), name);
    return find_consumer(name);
  });
}

bool sqlite_connection::remove_consumer(const std::string& name) {
  return session_.write([&] { return session_.change("DELETE FROM consumer WHERE name = ?", name) > 0; });
}

}  // namespace event_relay
