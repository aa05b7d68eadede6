#pragma once

#include "journal/connection_string.hpp"
#include "journal/postgres_errors.hpp"

#include <pqxx/connection>
#include <pqxx/errorhandler>
#include <pqxx/nontransaction>
#include <pqxx/result>
#include <pqxx/transaction>

#include <optional>
#include <string>

namespace event_relay {

/// A connection to PostgreSQL with the relay's settings. It is never reactivated: a connection that breaks is the end
/// of the session, as its settings, its LISTEN and the epoch it was opened in are gone. Throws the journal's
/// exceptions.
class postgres_session {
 public:
  explicit postgres_session(const std::string& url, server_role role = server_role::writable);

  /// Each statement is its own transaction: one round trip, and no snapshot or lock outlives it.
  template <class... Arguments>
  pqxx::result run(const char* statement, const Arguments&... arguments) {
    return with_journal_errors(connection(), [&] {
      pqxx::nontransaction transaction{connection()};
      return transaction.exec_prepared(statement, arguments...);
    });
  }

  /// Several statements that hold or fail together. `body` gets the transaction and commits it.
  template <class Body>
  void in_transaction(const Body& body) {
    with_journal_errors(connection(), [&] {
      pqxx::work transaction{connection()};
      body(transaction);
    });
  }

  /// Everything as it is at the beginning, for as long as it takes; nothing can be changed. A standby will do.
  template <class Body>
  void in_snapshot(const Body& body) {
    with_journal_errors(connection(), [&] {
      pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> transaction{connection()};
      transaction.exec(without_time_limits);
      body(transaction);
    });
  }

  /// For a transaction that lasts as long as its caller needs.
  static constexpr const char* without_time_limits =
      "SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)";

  pqxx::connection& connection() noexcept { return *connection_; }

 private:
  std::optional<pqxx::connection> connection_;
  std::optional<pqxx::quiet_errorhandler> quiet_;  // notices would go to stderr, beside the log
};

}  // namespace event_relay
