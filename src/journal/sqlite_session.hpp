#pragma once

#include "event_relay/core/event_id.hpp"
#include "event_relay/core/timestamp.hpp"
#include "journal/sqlite_store.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

namespace event_relay {

/// Text that is NULL when it is empty.
struct optional_text {
  const std::string& text;
};

/// The rows of a statement, while it runs. Given back at the end: until then it holds a view of the file that keeps the
/// log from being emptied.
class sqlite_rows {
 public:
  explicit sqlite_rows(SQLite::Statement& statement) noexcept : statement_{statement} {}
  ~sqlite_rows();
  sqlite_rows(const sqlite_rows&) = delete;
  sqlite_rows& operator=(const sqlite_rows&) = delete;

  /// Goes to the next row, at first to the first one; false when there is none.
  bool next() { return statement_.executeStep(); }

  bool is_null(int column) const { return statement_.isColumnNull(column); }
  template <class Number>
  Number number(int column) const {
    return static_cast<Number>(statement_.getColumn(column).getInt64());
  }
  timestamp time(int column) const;
  /// Valid until next(). Empty for NULL.
  std::string_view text(int column) const;

 private:
  SQLite::Statement& statement_;
};

/// A connection to the file with the relay's settings, and its prepared statements. Throws the journal's exceptions.
/// After journal_unavailable it stays unavailable.
class sqlite_session {
 public:
  /// The file must exist.
  explicit sqlite_session(std::shared_ptr<sqlite_store> store);

  sqlite_store& store() noexcept { return *store_; }

  /// Throws journal_unavailable if the connection is lost, or the file was moved or replaced: what is appended to a
  /// file without a name is gone at the next start.
  void require_alive() const;

  /// Runs the body, which reads by one statement only.
  template <class Body>
  auto read(const Body& body) {
    return with_journal_errors(body);
  }

  /// Runs the body in a transaction: all of it is durable when this returns, or nothing of it happened. `committed` is
  /// told its result before anybody else writes.
  template <class Body, class Committed>
  auto write(const Body& body, const Committed& committed) {
    return with_journal_errors([&] {
      const auto turn = store_->turns.take();
      SQLite::Transaction transaction{database_, SQLite::TransactionBehavior::IMMEDIATE};
      auto result = body();
      transaction.commit();
      committed(result);
      return result;
    });
  }
  template <class Body>
  auto write(const Body& body) {
    return write(body, [](const auto&) {});
  }

  /// A statement and its parameters, whose values are copied. The text must live as long as the program. For use inside
  /// read() and write().
  template <class... Parameters>
  sqlite_rows rows(const char* sql, const Parameters&... parameters) {
    auto& statement = prepared(sql);
    int index = 0;
    (bind(statement, ++index, parameters), ...);
    return sqlite_rows{statement};
  }

  /// The same for what has no rows; returns how many were changed.
  template <class... Parameters>
  std::size_t change(const char* sql, const Parameters&... parameters) {
    rows(sql, parameters...).next();
    return static_cast<std::size_t>(database_.getChanges());
  }

  /// Any number of statements without parameters.
  void execute(const std::string& sql) { database_.exec(sql); }

 private:
  SQLite::Statement& prepared(const char* sql);
  void configure();
  [[noreturn]] void fail(const SQLite::Exception& error);

  template <std::integral Number>
  static void bind(SQLite::Statement& statement, int index, Number value) {
    statement.bind(index, static_cast<std::int64_t>(value));
  }
  static void bind(SQLite::Statement& statement, int index, position_t value);
  static void bind(SQLite::Statement& statement, int index, topic_id value) {
    statement.bind(index, static_cast<std::int64_t>(value));
  }
  static void bind(SQLite::Statement& statement, int index, timestamp value) {
    statement.bind(index, static_cast<std::int64_t>(value.time_since_epoch().count()));
  }
  static void bind(SQLite::Statement& statement, int index, const std::string& value) { statement.bind(index, value); }
  static void bind(SQLite::Statement& statement, int index, optional_text value);
  static void bind(SQLite::Statement& statement, int index, const batch_id& value) {
    statement.bind(index, value.data(), static_cast<int>(value.size()));
  }

  template <class Body>
  auto with_journal_errors(const Body& body) {
    require_alive();
    try {
      return body();
    } catch (const SQLite::Exception& error) {
      fail(error);
    }
  }

  const std::shared_ptr<sqlite_store> store_;
  const file_identity identity_;
  SQLite::Database database_;
  std::unordered_map<const char*, SQLite::Statement> statements_;
  bool lost_ = false;
};

}  // namespace event_relay
