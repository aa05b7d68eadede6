#include "journal/sqlite_connection.hpp"

#include "journal/sqlite_clock.hpp"
#include "journal/sqlite_schema.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace event_relay {
namespace {

// How soon a wait notices that the file is no longer there.
constexpr std::chrono::milliseconds longest_wait_without_a_look{250};

/// An hour is far longer than anybody waits for the answer of an append.
constexpr std::chrono::hours batches_are_kept{1};

/// The first epoch is random, so that ids of another journal are not taken for ids of this one.
epoch_t random_epoch() {
  std::random_device random;
  return std::uniform_int_distribution<epoch_t>{1, 9'999}(random);
}

/// Why positions may be given out a second time; empty if they cannot. The known history is the longer one of what this
/// process has served and what the file's last process had.
std::string why_a_new_epoch(const journal_bounds& found, const known_history& known) {
  const auto current = found.current_epoch();
  if (current == 0) return "new journal";
  if (known.epoch > current) return "set back to before epoch " + std::to_string(known.epoch);
  if (known.epoch == current && known.head > found.head)
    return "set back from " + std::to_string(known.head) + " to " + std::to_string(found.head);
  return {};
}

known_history later(const known_history& one, const known_history& other) {
  return std::pair(one.epoch, one.head) < std::pair(other.epoch, other.head) ? other : one;
}

}  // namespace

sqlite_connection::sqlite_connection(std::shared_ptr<sqlite_store> store) : session_{std::move(store)} {
  require_current_sqlite_schema(session_);
}

journal_bounds sqlite_connection::open(std::optional<known_history> known) {
  auto& file = session_.store().file;
  const auto body = [&] {
    const auto found = read_bounds();
    const auto history = later(known.value_or(known_history{}), file.remembered());
    const auto reason = why_a_new_epoch(found, history);
    if (reason.empty()) return found;
    const auto newest = std::max(found.current_epoch(), history.epoch);
    session_.change("INSERT INTO epoch (epoch, first_position, reason, started_at) VALUES (?, ?, ?, ?)",
                    newest == 0 ? random_epoch() : newest + 1, found.head + 1, reason, current_time());
    return read_bounds();
  };
  const auto bounds = session_.write(body, [&](const journal_bounds& opened) {
    file.remember({opened.current_epoch(), opened.head});
  });
  epoch_ = bounds.current_epoch();
  return bounds;
}

journal_bounds sqlite_connection::bounds() {
  return session_.read([this] { return read_bounds(); });
}

/// By one statement: floor, head and epochs of one moment. The floor counts too: when retention has emptied the
/// journal, numbering goes on and does not start again.
journal_bounds sqlite_connection::read_bounds() {
  auto rows = session_.rows(R"(SELECT s.floor, max(s.floor, coalesce((SELECT max(position) FROM journal), 0)),
                                      e.epoch, e.first_position
                                 FROM state s LEFT JOIN epoch e ORDER BY e.epoch)");
  journal_bounds bounds;
  while (rows.next()) {
    bounds.floor = rows.number<position_t>(0);
    bounds.head = rows.number<position_t>(1);
    if (!rows.is_null(2)) bounds.epochs.push_back({rows.number<epoch_t>(2), rows.number<position_t>(3)});
  }
  return bounds;
}

std::vector<topic> sqlite_connection::register_topics(std::span<const std::string> names) {
  for (const auto& name : names)
    if (!check_topic_name(name)) throw journal_refused("a topic's name is none");
  return session_.write([&] {
    std::vector<topic> topics;
    for (const auto& name : names) {
      session_.change("INSERT INTO topic (name) VALUES (?) ON CONFLICT DO NOTHING", name);
      auto rows = session_.rows("SELECT id FROM topic WHERE name = ?", name);
      rows.next();
      topics.push_back({topic_id{rows.number<std::uint32_t>(0)}, name});
    }
    return topics;
  });
}

std::vector<topic> sqlite_connection::topics() {
  return session_.read([this] {
    std::vector<topic> topics;
    auto rows = session_.rows("SELECT id, name FROM topic ORDER BY id");
    while (rows.next()) topics.push_back({topic_id{rows.number<std::uint32_t>(0)}, std::string{rows.text(1)}});
    return topics;
  });
}

outbox_drained sqlite_connection::drain_outbox(const outbox_limits&) {
  throw journal_refused("an outbox needs PostgreSQL");
}

outbox_lag sqlite_connection::measure_outbox() {
  throw journal_refused("an outbox needs PostgreSQL");
}

void sqlite_connection::listen() {
  session_.require_alive();
  session_.store().news.listen(listener_);
}

std::optional<position_t> sqlite_connection::wait_for_news(std::chrono::milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    const bool heard = session_.store().news.wait(listener_, std::min(deadline, now + longest_wait_without_a_look));
    session_.require_alive();
    if (heard) return session_.store().news.take(listener_);
    if (now >= deadline) return std::nullopt;
  }
}

void sqlite_connection::maintain(std::chrono::seconds idempotency_window) {
  constexpr std::size_t rows_at_once = 5'000;  // short transactions; bounded, as the caller has other things to do
  const auto forget = [&] {
    const auto keys = session_.change(R"(DELETE FROM dedupe WHERE (topic_id, key) IN (
      SELECT topic_id, key FROM dedupe WHERE created_at < ? ORDER BY created_at LIMIT ?))",
                                      current_time() - idempotency_window, rows_at_once);
    const auto batches = session_.change(R"(DELETE FROM batch WHERE batch_id IN (
      SELECT batch_id FROM batch WHERE created_at < ? ORDER BY created_at LIMIT ?))",
                                         current_time() - batches_are_kept, rows_at_once);
    return std::max(keys, batches);
  };
  for (int round = 0; round < 10; ++round)
    if (session_.write(forget) < rows_at_once) return;
}

}  // namespace event_relay
