#pragma once

#include <string_view>
#include <utility>

namespace event_relay {

/// SQLSTATE of the schema's functions: the epoch of the caller is over. Class RJ: the standard leaves I-Z to others.
inline constexpr const char* stale_epoch_state = "RJ001";
inline constexpr const char* key_conflict_state = "RJ002";

/// PostgreSQL's own: lock_timeout is over.
inline constexpr std::string_view lock_not_available_state = "55P03";

/// Called inside a catch block: throws the journal's exception for libpqxx's, and any other one unchanged.
[[noreturn]] void rethrow_as_journal_error(bool connection_is_open);

/// Runs the call with exceptions of libpqxx turned into those that the journal's interface promises.
template <class Connection, class Call>
decltype(auto) with_journal_errors(const Connection& connection, Call&& call) {
  try {
    return std::forward<Call>(call)();
  } catch (...) {
    rethrow_as_journal_error(connection.is_open());
  }
}

}  // namespace event_relay
