#include "journal/postgres_connection.hpp"
#include "journal/statements.hpp"

#include <pqxx/except>

namespace event_relay {
namespace {

// The hint only saves work; without it now and then, nothing can stay in the outbox for ever.
constexpr std::chrono::seconds whole_look_interval{10};

outbox_drained to_drained(const pqxx::row& row) {
  outbox_drained drained;
  drained.stored = row[0].as<std::size_t>();
  drained.known = row[1].as<std::size_t>();
  for (std::size_t reason = 0; reason < dead_letter_reason_count; ++reason)
    drained.dead[reason] = row[static_cast<int>(2 + reason)].as<std::size_t>();
  drained.more = row[5].as<bool>();
  drained.in_use = row[6].as<bool>();
  return drained;
}

}  // namespace

outbox_drained postgres_connection::drain_outbox(const outbox_limits& limits) {
  const auto now = std::chrono::steady_clock::now();
  if (now >= next_whole_look_) {
    outbox_hint_.clear();
    next_whole_look_ = now + whole_look_interval;
  }
  const auto call = [&] {
    pqxx::nontransaction transaction{session_.connection()};
    return transaction.exec_prepared(statements::drain, epoch_, limits.events, limits.bytes, limits.event_bytes,
                                     outbox_hint_);
  };
  const auto rows = with_journal_errors(session_.connection(), [&] {
    try {
      return call();
    } catch (const pqxx::check_violation&) {
      make_room(limits.events);  // as for append(): no partition takes the last of them
      return call();
    }
  });
  outbox_hint_ = rows[0][7].is_null() ? "" : rows[0][7].as<std::string>();
  return to_drained(rows[0]);
}

outbox_lag postgres_connection::measure_outbox() {
  const auto rows = session_.run(statements::outbox_lag);
  return {rows[0][0].as<std::size_t>(), std::chrono::milliseconds(rows[0][1].as<std::int64_t>())};
}

}  // namespace event_relay
