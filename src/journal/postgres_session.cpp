#include "journal/postgres_session.hpp"

#include "event_relay/journal/journal.hpp"
#include "journal/statements.hpp"

#include <pqxx/except>

namespace event_relay {
namespace {

void inhibit_reactivation(pqxx::connection& connection) {
#if PQXX_VERSION_MAJOR < 7  // from 7 on it never does
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
}

}  // namespace

postgres_session::postgres_session(const std::string& url, server_role role) {
  try {
    connection_.emplace(with_connection_defaults(url, role));
  } catch (const pqxx::failure& error) {
    throw journal_unavailable("cannot connect to the journal: " + safe_reason(error.what(), url));
  }
  inhibit_reactivation(connection());
  quiet_.emplace(connection());
  with_journal_errors(connection(), [&] {
    pqxx::nontransaction transaction{connection()};
    transaction.exec(statements::session_settings);
    if (role == server_role::standby) transaction.exec(statements::read_only);
  });
}

}  // namespace event_relay
