#include "sqlite_fixture.hpp"

#include "event_relay/journal/make_journal.hpp"
#include "journal/sqlite_errors.hpp"

#include <SQLiteCpp/Exception.h>
#include <gmock/gmock.h>
#include <sqlite3.h>

#include <filesystem>
#include <future>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST_F(Sqlite, HasNoOutboxAndSaysWhoHas) {
  start();
  EXPECT_FALSE(journal_->has_outbox());
  EXPECT_THAT([&] { connection_->drain_outbox({}); }, ThrowsMessage<journal_refused>(HasSubstr("PostgreSQL")));
}

TEST_F(Sqlite, IsWhatASqliteUrlNames) {
  const auto made = make_journal("sqlite:" + path_, 10);
  EXPECT_TRUE(std::filesystem::exists(path_));
  EXPECT_FALSE(made->has_outbox());
  EXPECT_TRUE(make_journal("postgresql:///relay", 10)->has_outbox());
}

TEST_F(Sqlite, WritersAndReadersOfOneProcessDoNotGetInEachOthersWay) {
  start();
  constexpr std::size_t batches = 200;
  std::vector<std::future<void>> writers;
  for (int i = 0; i < 3; ++i)
    writers.push_back(std::async(std::launch::async, [&] {
      const auto connection = opened();
      for (std::size_t n = 0; n < batches; ++n) append(*connection, {{topic_, "", "", "a"}, {topic_, "", "", "b"}});
    }));
  const auto reader = opened();
  reader->listen();
  std::size_t seen = 0;
  while (seen < 3 * 2 * batches) {
    const auto page = read_page(*reader, seen);
    for (const auto& event : page) ASSERT_EQ(event.position, ++seen);
    if (page.empty()) reader->wait_for_news(1s);
  }
  for (auto& writer : writers) writer.get();
}

TEST(SqliteErrors, BetweenProgramAndDiskLeaveTheFateOpen) {
  for (const int code : {SQLITE_IOERR, SQLITE_IOERR_FSYNC, SQLITE_IOERR_WRITE, SQLITE_CANTOPEN})
    EXPECT_THROW(throw_as_journal_error(SQLite::Exception("x", code), "journal.db"), journal_unavailable) << code;
}

TEST(SqliteErrors, OfAStatementAreRefusalsThatSayWhatToDo) {
  EXPECT_THAT(
      [] { throw_as_journal_error(SQLite::Exception("database or disk is full", SQLITE_FULL), "/d/journal.db"); },
      ThrowsMessage<journal_full>(AllOf(HasSubstr("/d/journal.db"), HasSubstr("make room"))));
  for (const int code : {SQLITE_BUSY, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_READONLY})
    EXPECT_THROW(throw_as_journal_error(SQLite::Exception("x", code), "journal.db"), journal_refused) << code;
}

}  // namespace
}  // namespace event_relay::test
