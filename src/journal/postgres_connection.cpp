#include "journal/postgres_connection.hpp"

#include "journal/binary_array.hpp"
#include "journal/schema.hpp"
#include "journal/statements.hpp"

#include <pqxx/binarystring>

#include <algorithm>
#include <utility>

namespace event_relay {
namespace {

topic to_topic(const pqxx::row& row) {
  return {topic_id{row[0].as<std::uint32_t>()}, row[1].as<std::string>()};
}

std::vector<topic> to_topics(const pqxx::result& rows) {
  std::vector<topic> topics;
  topics.reserve(rows.size());
  for (const auto& row : rows) topics.push_back(to_topic(row));
  return topics;
}

}  // namespace

news_receiver::news_receiver(pqxx::connection& connection) : notification_receiver{connection, "event_relay_journal"} {}

void news_receiver::operator()(const std::string& payload, int) {
  // Whoever may connect to the database may NOTIFY on any channel: what is not a position is not news.
  if (const auto position = parse_position(payload)) newest_ = std::max(newest_.value_or(0), *position);
}

std::optional<position_t> news_receiver::take() noexcept {
  return std::exchange(newest_, std::nullopt);
}

postgres_connection::postgres_connection(const std::string& url, std::size_t partition_events, server_role role)
    : session_{url, role}, partition_events_{partition_events} {
  require_current_schema(session_);
  with_journal_errors(session_.connection(), [&] {
    for (const auto& [name, sql] : statements::prepared) session_.connection().prepare(name, sql);
  });
}

journal_bounds postgres_connection::open(std::optional<known_history> known) {
  const auto history = known.value_or(known_history{});
  const auto rows = session_.run(statements::open_epoch, history.epoch, history.head);
  epoch_ = rows[0][0].as<epoch_t>();
  make_room_when_due(0);
  return bounds();
}

journal_bounds postgres_connection::bounds() {
  const auto rows = session_.run(statements::bounds);
  journal_bounds bounds;
  for (const auto& row : rows) {
    bounds.floor = row[0].as<position_t>();
    bounds.head = row[1].as<position_t>();
    bounds.epochs.push_back({row[2].as<epoch_t>(), row[3].as<position_t>()});
  }
  return bounds;
}

std::vector<topic> postgres_connection::register_topics(std::span<const std::string> names) {
  binary_array array{binary_array::text_oid, names.size()};
  for (const auto& name : names) array.add_text(name);
  return to_topics(session_.run(statements::register_topics, pqxx::binarystring{array.bytes()}));
}

std::vector<topic> postgres_connection::topics() {
  return to_topics(session_.run(statements::topics));
}

/// libpqxx keeps quiet about a connection that breaks during LISTEN or was broken before it is asked for notifications.
void postgres_connection::require_open() {
  if (!session_.connection().is_open()) throw journal_unavailable("the connection to the journal is lost");
}

void postgres_connection::listen() {
  with_journal_errors(session_.connection(), [&] { news_.emplace(session_.connection()); });
  require_open();
}

std::optional<position_t> postgres_connection::wait_for_news(std::chrono::milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    // First what libpq has received already: that does not make the socket readable any more.
    with_journal_errors(session_.connection(), [&] { session_.connection().get_notifs(); });
    require_open();
    if (news_)
      if (const auto news = news_->take()) return news;
    if (!gate_.wait_readable(session_.connection().sock(), deadline)) return std::nullopt;
  }
}

void postgres_connection::maintain(std::chrono::seconds idempotency_window) {
  constexpr int rows_at_once = 5'000;  // short transactions; bounded, as the caller has other things to do
  make_room(0);
  for (int round = 0; round < 10; ++round)
    if (session_.run(statements::forget_expired, idempotency_window.count(), rows_at_once)[0][0].as<int>() <
        rows_at_once)
      return;
}

}  // namespace event_relay
