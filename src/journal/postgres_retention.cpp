#include "journal/postgres_connection.hpp"
#include "journal/statements.hpp"

namespace event_relay {

/// The floor is moved before anything is removed: a reader that finds a hole looks at the floor to learn why.
retained postgres_connection::retain(const retention_limits& limits) {
  retained done;
  if (!session_.run(statements::begin_retention)[0][0].as<bool>()) return {bounds().floor, 0};
  done.floor =
      session_.run(statements::expire, limits.max_age.count(), limits.max_events, limits.max_bytes,
                   limits.overtake_consumers)[0][0]
          .as<position_t>();
  for (const auto& row : session_.run(statements::expired_partitions)) {
    if (row[2].as<bool>()) detach(row[1].as<std::string>(), row[3].as<bool>());
    session_.run(statements::drop_expired_partition, row[0].as<std::int64_t>());
    ++done.partitions_dropped;
  }
  session_.run(statements::end_retention);
  return done;
}

/// Concurrently, because it waits for the transactions that read the journal, and nobody must wait behind it. When the
/// wait is too long it stays begun, and a later call brings it to its end.
void postgres_connection::detach(const std::string& child, bool detaching) {
  with_journal_errors(session_.connection(), [&] {
    pqxx::nontransaction transaction{session_.connection()};
    return transaction.exec("ALTER TABLE event_relay.journal DETACH PARTITION " + child +
                            (detaching ? " FINALIZE" : " CONCURRENTLY"));
  });
}

}  // namespace event_relay
