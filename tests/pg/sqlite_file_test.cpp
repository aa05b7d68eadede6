#include "sqlite_fixture.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace event_relay::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;
using SqliteFile = Sqlite;

TEST_F(SqliteFile, IsReadableByItsOwnerAlone) {
  start();
  for (const auto* name : {"", "-lock", "-wal", "-shm"}) {
    struct stat found {};
    ASSERT_EQ(::stat((path_ + name).c_str(), &found), 0) << name;
    EXPECT_EQ(found.st_mode & 0777, 0600U) << name;
  }
}

TEST_F(SqliteFile, BelongsToOneProcess) {
  start();
  const auto alias = folder_.path() + "/alias.db";
  std::filesystem::create_symlink(path_, alias);
  for (const auto& name : {path_, alias, folder_.path() + "/./journal.db"})
    EXPECT_THAT([&] { make_sqlite_journal(name); },
                ThrowsMessage<journal_refused>(AllOf(HasSubstr("journal.url"), HasSubstr("PostgreSQL"))))
        << name;
  end();
  EXPECT_NO_THROW(make_sqlite_journal(path_));
}

TEST_F(SqliteFile, StaysLockedAsLongAsAConnectionLives) {
  start();
  journal_.reset();
  EXPECT_THROW(make_sqlite_journal(path_), journal_refused);
  connection_.reset();
  EXPECT_NO_THROW(make_sqlite_journal(path_));
}

TEST_F(SqliteFile, NeedsItsFolder) {
  EXPECT_THAT([&] { make_sqlite_journal(folder_.path() + "/none/journal.db"); },
              ThrowsMessage<journal_refused>(
                  AllOf(HasSubstr("journal.url"), HasSubstr("no folder " + folder_.path() + "/none"))));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/none"));
}

TEST_F(SqliteFile, MustNotBeAFolder) {
  EXPECT_THAT([&] { make_sqlite_journal(folder_.path()); },
              ThrowsMessage<journal_refused>(HasSubstr("Is a directory")));
}

TEST_F(SqliteFile, OfAnotherKindIsRefusedAndLeftAlone) {
  const std::string text(5'000, 'x');
  std::ofstream{path_} << text;
  journal_ = make_sqlite_journal(path_);
  EXPECT_THAT([&] { journal_->migrate(); },
              ThrowsMessage<journal_refused>(AllOf(HasSubstr(path_), HasSubstr("file of another kind"))));
  EXPECT_EQ(std::filesystem::file_size(path_), text.size());
}

TEST_F(SqliteFile, OfAnotherProgramIsRefusedAndLeftAlone) {
  SQLite::Database{path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE}.exec("CREATE TABLE theirs (x)");
  journal_ = make_sqlite_journal(path_);
  EXPECT_THAT([&] { journal_->migrate(); }, ThrowsMessage<journal_refused>(HasSubstr("another program")));
  EXPECT_EQ(number("SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(SqliteFile, OfANewerVersionIsRefused) {
  start();
  sql("PRAGMA user_version = 1000");
  EXPECT_THAT([&] { journal_->migrate(); }, ThrowsMessage<journal_refused>(HasSubstr("version 1000")));
  EXPECT_THROW(journal_->connect(), journal_refused);
}

TEST_F(SqliteFile, WithoutAJournalIsRefusedByConnect) {
  journal_ = make_sqlite_journal(path_);
  EXPECT_THAT([&] { journal_->connect(); }, ThrowsMessage<journal_refused>(HasSubstr("journal.migrate")));
}

TEST_F(SqliteFile, ThatIsRemovedUnderItTakesNoMoreEvents) {
  start();
  publish(1);
  std::filesystem::remove(path_);
  EXPECT_THAT([&] { publish(1); }, ThrowsMessage<journal_unavailable>(HasSubstr("moved, removed or replaced")));
  EXPECT_THROW(journal_->connect(), journal_unavailable);
}

TEST_F(SqliteFile, ThatWasSetBackBetweenTwoRunsBeginsANewEpoch) {
  start();
  publish(2);
  const auto before = connection_->bounds().current_epoch();
  end();
  std::filesystem::copy_file(path_, path_ + "-backup");
  start();
  EXPECT_EQ(connection_->bounds().current_epoch(), before);
  publish(3);
  end();
  std::filesystem::rename(path_ + "-backup", path_);
  start();
  EXPECT_EQ(connection_->bounds().current_epoch(), before + 1);
  EXPECT_EQ(connection_->bounds().epochs.back().first_position, 3U);
  end();
  start();
  EXPECT_EQ(connection_->bounds().current_epoch(), before + 1) << "once";
}

TEST_F(SqliteFile, MadeAnewDoesNotRepeatIdsOfTheLostOne) {
  start();
  publish(2);
  const auto before = connection_->bounds().current_epoch();
  end();
  std::filesystem::remove(path_);
  start();
  EXPECT_EQ(connection_->bounds().current_epoch(), before + 1);
}

TEST_F(SqliteFile, KeepsEverythingFromOneRunToTheNext) {
  start();
  append(*connection_, {{topic_, "created", "key", "1", "{}"}, {topic_, "", "", "2"}});
  connection_->claim_consumer("lending", {7, 1});
  const auto id = new_batch_id();
  append(*connection_, {{topic_, "", "", "3"}}, id);
  end();
  start();
  EXPECT_THAT(read_all(*connection_), ElementsAre(read_event{1, topic_, "created", "1"}, read_event{2, topic_, "", "2"},
                                                  read_event{3, topic_, "", "3"}));
  EXPECT_EQ(connection_->find(1)->attributes, "{}");
  EXPECT_EQ(connection_->consumers().size(), 1U);
  EXPECT_THAT(positions(append(*connection_, {{topic_, "", "", "3"}}, id)), ElementsAre(3));
  EXPECT_EQ(append(*connection_, {{topic_, "created", "key", "1"}}).events[0].what, appended::outcome::duplicate);
}

}  // namespace
}  // namespace event_relay::test
