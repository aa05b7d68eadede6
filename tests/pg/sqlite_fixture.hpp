#pragma once

#include "journal_under_test.hpp"
#include "temporary_folder.hpp"

#include "event_relay/journal/sqlite_journal.hpp"

#include <SQLiteCpp/Database.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace event_relay::test {

/// A journal in a file of the test's own, which can be ended and started again.
class Sqlite : public testing::Test {
 protected:
  void start() {
    journal_ = make_sqlite_journal(path_);
    journal_->migrate();
    connection_ = opened();
    topic_ = connection_->register_topics(std::vector<std::string>{"reservations"}).front().id;
  }
  void end() {
    connection_.reset();
    journal_.reset();
  }
  std::unique_ptr<journal_connection> opened() {
    auto connection = journal_->connect();
    connection->open(std::nullopt);
    return connection;
  }
  void publish(std::size_t count, const std::string& data = "data") {
    append(*connection_, std::vector<new_event>(count, new_event{topic_, "", "", data}));
  }
  void sql(const std::string& text) const { SQLite::Database{path_, SQLite::OPEN_READWRITE}.exec(text); }
  std::int64_t number(const std::string& text) const {
    SQLite::Database database{path_, SQLite::OPEN_READONLY};
    return database.execAndGet(text).getInt64();
  }

  const temporary_folder folder_;
  const std::string path_ = folder_.path() + "/journal.db";
  std::unique_ptr<journal> journal_;
  std::unique_ptr<journal_connection> connection_;
  topic_id topic_{};
};

}  // namespace event_relay::test
