#include "journal/postgres_errors.hpp"

#include "event_relay/journal/journal.hpp"

#include <pqxx/except>

#include <string>
#include <string_view>
#include <typeinfo>

namespace event_relay {
namespace {

/// The rest of PostgreSQL's message, its DETAIL, would bring keys and data of publishers into the log.
std::string first_line(std::string_view text) {
  return std::string{text.substr(0, text.find('\n'))};
}

bool means_lost(std::string_view state) {
  return state.starts_with("08")      // connection exception
         || state.starts_with("57P")  // shut down, crashed, starting, database dropped: but not 57014, a time-out
         || state == "53300"          // too many connections
         || state == "25006";         // read-only: what was the primary is a standby now
}

/// libpq's own word, not the server's: it failed to write, and has yet to read the end of the connection. The kinds of
/// errors that libpqxx 6 has types for may lack their state too, but those came from the server.
bool is_of_the_client(const pqxx::sql_error& error) {
  return error.sqlstate().empty() && typeid(error) == typeid(pqxx::sql_error);
}

}  // namespace

void rethrow_as_journal_error(bool connection_is_open) {
  try {
    throw;
  } catch (const pqxx::broken_connection& error) {
    throw journal_unavailable(first_line(error.what()));
  } catch (const pqxx::in_doubt_error& error) {
    throw journal_unavailable(first_line(error.what()));
  } catch (const pqxx::sql_error& error) {
    const auto& state = error.sqlstate();
    const auto text = first_line(error.what()) + (state.empty() ? "" : " (SQLSTATE " + state + ")");
    if (!connection_is_open || means_lost(state) || is_of_the_client(error)) throw journal_unavailable(text);
    if (state == stale_epoch_state) throw stale_epoch(text);
    if (state == key_conflict_state) throw key_conflict(text);
    if (state == "53100") throw journal_full(text);  // disk full
    throw journal_refused(text);
  } catch (const pqxx::failure& error) {
    if (!connection_is_open) throw journal_unavailable(first_line(error.what()));
    throw journal_refused(first_line(error.what()));
  }
}

}  // namespace event_relay
