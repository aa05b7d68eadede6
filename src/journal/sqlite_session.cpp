#include "journal/sqlite_session.hpp"

#include "journal/sqlite_errors.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace event_relay {
namespace {

constexpr int busy_timeout_ms = 5'000;  // for other programs that write; the relay's own writers take turns

SQLite::Database opened(const std::string& path) {
  try {
    return {path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, busy_timeout_ms};
  } catch (const SQLite::Exception& error) {
    throw_as_journal_error(error, path);
  }
}

}  // namespace

sqlite_rows::~sqlite_rows() {
  statement_.tryReset();
  statement_.clearBindings();  // which may be megabytes; it cannot fail
}

timestamp sqlite_rows::time(int column) const {
  return timestamp{std::chrono::microseconds{number<std::int64_t>(column)}};
}

std::string_view sqlite_rows::text(int column) const {
  const auto value = statement_.getColumn(column);
  const auto* begin = value.getText();
  return {begin, static_cast<std::size_t>(value.getBytes())};
}

sqlite_session::sqlite_session(std::shared_ptr<sqlite_store> store)
    : store_{std::move(store)}, identity_{identity_of(store_->file.path())}, database_{opened(store_->file.path())} {
  with_journal_errors([this] { configure(); });
}

/// FULL: a commit is synchronised to the disk before it returns. With the default of write-ahead logging, NORMAL, a
/// power cut takes back what was acknowledged.
void sqlite_session::configure() {
  if (database_.execAndGet("PRAGMA journal_mode = WAL").getString() != "wal")
    throw journal_refused(store_->file.path() + ": its file system does not support write-ahead logging");
  database_.exec(
      "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
      "PRAGMA journal_size_limit = 67108864");
}

void sqlite_session::require_alive() const {
  if (lost_) throw journal_unavailable("the connection to the journal is lost");
  if (identity_of(store_->file.path()) != identity_)
    throw journal_unavailable(store_->file.path() + ": the file was moved, removed or replaced");
}

SQLite::Statement& sqlite_session::prepared(const char* sql) {
  const auto known = statements_.find(sql);
  if (known != statements_.end()) return known->second;
  return statements_.try_emplace(sql, database_, sql).first->second;
}

void sqlite_session::fail(const SQLite::Exception& error) {
  try {
    throw_as_journal_error(error, store_->file.path());
  } catch (const journal_unavailable&) {
    lost_ = true;
    throw;
  }
}

/// Positions come from clients too and may be larger than SQLite's integers; nothing is stored up there.
void sqlite_session::bind(SQLite::Statement& statement, int index, position_t value) {
  constexpr position_t most = std::numeric_limits<std::int64_t>::max();
  statement.bind(index, static_cast<std::int64_t>(std::min(value, most)));
}

void sqlite_session::bind(SQLite::Statement& statement, int index, optional_text value) {
  if (value.text.empty())
    statement.bind(index);
  else
    statement.bind(index, value.text);
}

}  // namespace event_relay
