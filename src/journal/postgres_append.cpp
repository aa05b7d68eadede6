#include "journal/append_arguments.hpp"
#include "journal/postgres_connection.hpp"
#include "journal/postgres_errors.hpp"
#include "journal/statements.hpp"

#include <pqxx/binarystring>
#include <pqxx/except>

namespace event_relay {
namespace {

pqxx::binarystring binary(const binary_array& array) {
  return {array.bytes().data(), array.bytes().size()};
}

/// One row for each event that was there already, or a single one without.
append_receipt to_receipt(const pqxx::result& rows, std::size_t events) {
  append_receipt receipt{rows[0][0].as<epoch_t>(), std::vector<appended>(events),
                         timestamp{std::chrono::microseconds{rows[0][5].as<std::int64_t>()}}};
  for (const auto& row : rows) {
    if (row[2].is_null()) continue;
    const auto what = row[4].as<bool>() ? appended::outcome::duplicate : appended::outcome::key_reused;
    receipt.events.at(row[2].as<std::size_t>() - 1) = {row[3].as<position_t>(), what};
  }
  auto last = rows[0][1].as<position_t>();
  for (auto& event : receipt.events)
    if (event.what == appended::outcome::stored) event.position = ++last;
  return receipt;
}

}  // namespace

/// The first batch of a connection may be one that an earlier connection committed; it is found, and nothing is stored.
/// If that backend was ended while it waited for a synchronous standby, the standby may not have it yet. A commit of
/// our own waits for all that lies before it.
append_receipt postgres_connection::append(const batch_id& id, std::span<const new_event* const> events,
                                           known_keys how) {
  if (events.empty()) return {epoch_, {}, {}};
  auto receipt = store(id, events, how);
  if (!confirmed_) session_.run(statements::confirm);
  confirmed_ = true;
  position_t newest = 0;
  for (const auto& event : receipt.events) newest = std::max(newest, event.position);
  make_room_when_due(newest);
  return receipt;
}

append_receipt postgres_connection::store(const batch_id& id, std::span<const new_event* const> events,
                                          known_keys how) {
  const append_arguments columns{events};
  const auto call = [&] {
    pqxx::nontransaction transaction{session_.connection()};
    const auto run = [&](const char* statement, auto... more) {
      return transaction.exec_prepared(statement, epoch_, pqxx::binarystring{id.data(), id.size()},
                                       binary(columns.topics), binary(columns.types), binary(columns.keys),
                                       binary(columns.data), binary(columns.attributes), more...);
    };
    if (how == known_keys::one_by_one) return run(statements::append);
    return run(statements::append_all_or_none, how == known_keys::all_or_none);
  };
  const auto rows = with_journal_errors(session_.connection(), [&] {
    try {
      return call();
    } catch (const pqxx::check_violation&) {
      // No partition takes the last of them. Other writers were faster than everybody's making of room.
      make_room(events.size());
      return call();
    } catch (const pqxx::sql_error& error) {
      // Somebody has the append lock for long, e.g. a relay whose commit waits for a standby that hangs. The publisher
      // waits while the batch is sent again: it is nobody's mistake.
      if (error.sqlstate() == lock_not_available_state) throw journal_unavailable("the append lock is held by another");
      throw;
    }
  });
  return to_receipt(rows, events.size());
}

void postgres_connection::make_room(std::size_t events) {
  room_ends_at_ = session_.run(statements::ensure_partitions, events, partition_events_)[0][0].as<position_t>();
}

/// That room for later batches cannot be made now says nothing about the one that is stored: the next call tries again.
void postgres_connection::make_room_when_due(position_t newest) {
  const auto now = std::chrono::steady_clock::now();
  if (newest < room_ends_at_ || now < next_room_attempt_) return;
  try {
    make_room(0);
  } catch (const std::runtime_error&) {
    next_room_attempt_ = now + std::chrono::seconds{1};  // it may have waited for locks; not before each batch
  }
}

}  // namespace event_relay
