#include "journal_under_test.hpp"

#include "event_relay/journal/journal_transfer.hpp"
#include "event_relay/journal/postgres_journal.hpp"
#include "event_relay/journal/verification.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace event_relay::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class JournalCommands : public testing::Test {
 protected:
  JournalCommands() {
    journal_->migrate();
    connection_ = journal_->connect();
    connection_->open(std::nullopt);
    topic_ = connection_->register_topics(std::vector<std::string>{"loans", "reservations"}).front().id;
  }

  std::string sql(const std::string& text) const { return postgres_cluster::run_sql(url_, text); }
  void publish(int count) {
    std::vector<new_event> events;
    for (int i = 1; i <= count; ++i)
      events.push_back({topic_, i % 2 ? "" : "made", "", std::to_string(i), i % 3 ? "" : R"({"source":"/\u00e9"})"});
    append(*connection_, events);
  }
  std::string exported(const export_range& range = {}) const {
    std::ostringstream out;
    export_journal(url_, range, out);
    return out.str();
  }
  imported import(const std::string& text) const {
    std::istringstream in{text};
    return import_journal(url_, 1'000, in);
  }
  /// The same database, without a journal's events.
  void begin_anew() {
    connection_.reset();
    sql("DROP SCHEMA event_relay CASCADE");
    journal_->migrate();
  }

  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_, 1'000);
  std::unique_ptr<journal_connection> connection_;
  topic_id topic_{};
};

TEST_F(JournalCommands, AnEmptyJournalIsSound) {
  const auto found = verify_journal(url_);
  EXPECT_THAT(found.faults, IsEmpty());
  EXPECT_EQ(found.events, 0U);
  EXPECT_EQ(found.checksum, std::string(64, '0'));
}

TEST_F(JournalCommands, VerifyingReadsBeyondOnePiece) {
  for (int i = 0; i < 21; ++i) publish(1'000);
  const auto found = verify_journal(url_);
  EXPECT_THAT(found.faults, IsEmpty());
  EXPECT_EQ(found.events, 21'000U);
  EXPECT_EQ(found.topics.at("loans"), 21'000U);
  sql("UPDATE event_relay.journal SET data = 'x' WHERE position = 5");
  const auto changed = verify_journal(url_);
  EXPECT_NE(changed.checksum, found.checksum) << "a change in the first of three pieces";
  EXPECT_EQ(changed.checksum.size(), 64U);
}

TEST_F(JournalCommands, TheChecksumDoesNotDependOnIdsOfTopicsOrEpochsOrTimes) {
  publish(30);
  const auto found = verify_journal(url_);
  const auto file = exported();
  begin_anew();
  journal_->connect()->register_topics(std::vector<std::string>{"another", "loans"});
  import(file);
  const auto moved = verify_journal(url_);
  EXPECT_THAT(moved.faults, IsEmpty());
  EXPECT_EQ(moved.checksum, found.checksum);
  EXPECT_EQ(moved.epochs.size(), 2U);
  EXPECT_EQ(exported().substr(exported().find('\n')), file.substr(file.find('\n')));
}

TEST_F(JournalCommands, AfterRetentionTheRestIsVerifiedExportedAndImported) {
  publish(3'500);
  connection_->retain({.max_events = 1'000});
  const auto found = verify_journal(url_);
  EXPECT_THAT(found.faults, IsEmpty());
  EXPECT_EQ(found.bounds.floor, 2'000U);
  EXPECT_EQ(found.events, 1'500U);
  EXPECT_THROW(exported({.after = 1'999, .until = {}}), bad_range);
  const auto file = exported();
  begin_anew();
  journal_->connect()->open(std::nullopt);  // makes an epoch and partitions, which give way
  const auto done = import(file);
  EXPECT_EQ(done.events, 1'500U);
  EXPECT_EQ(done.bounds.epochs.back().first_position, 3'501U);
  const auto moved = verify_journal(url_);
  EXPECT_THAT(moved.faults, IsEmpty());
  EXPECT_EQ(moved.bounds.floor, 2'000U);
  EXPECT_EQ(moved.checksum, found.checksum);

  const auto connection = journal_->connect();
  const auto bounds = connection->open(std::nullopt);
  EXPECT_EQ(bounds.current_epoch(), done.bounds.current_epoch()) << "the import's own epoch is enough";
  EXPECT_EQ(append(*connection, {{topic_, "", "", "next"}}).events[0].position, 3'501U);
}

TEST_F(JournalCommands, AnImportThatFailsLeavesNothingBehind) {
  publish(1'500);
  const auto file = exported();
  begin_anew();
  const auto before = sql("SELECT count(*) FROM event_relay.partition");
  EXPECT_THROW(import(file.substr(0, file.size() - 3)), bad_import);
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.partition"), before);
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.epoch"), "0");
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.topic"), "0");
  EXPECT_EQ(import(file).events, 1'500U);
  EXPECT_THROW(import(file), journal_refused);
}

TEST_F(JournalCommands, AnEpochByHandEndsTheOneBefore) {
  publish(3);
  const auto epoch = connection_->bounds().current_epoch();
  const auto opened = open_new_epoch(url_, "test");
  EXPECT_EQ(opened, (epoch_start{epoch + 1, 4}));
  EXPECT_THROW(publish(1), stale_epoch);
  connection_ = journal_->connect();
  EXPECT_EQ(connection_->open(known_history{epoch, 3}).current_epoch(), epoch + 1);
  EXPECT_EQ(sql("SELECT reason FROM event_relay.epoch ORDER BY epoch DESC LIMIT 1"), "test");
}

TEST_F(JournalCommands, AStandbyIsReadAndNeverWritten) {
  publish(5);
  const auto standby = make_postgres_standby(url_);  // even if it is none
  const auto reader = standby->connect();
  EXPECT_EQ(read_all(*reader).size(), 5U);
  EXPECT_TRUE(reader->find(5));
  EXPECT_EQ(reader->bounds().head, 5U);
  EXPECT_THROW(reader->register_topics(std::vector<std::string>{"more"}), journal_unavailable);
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.topic"), "2");
  EXPECT_THROW(standby->migrate(), journal_refused);
}

TEST_F(JournalCommands, ARoleNeedsToBeGrantedWhatChangesTheJournal) {
  sql("DO $$ BEGIN CREATE ROLE guest LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
      "GRANT USAGE ON SCHEMA event_relay TO guest; GRANT SELECT ON ALL TABLES IN SCHEMA event_relay TO guest");
  const auto guest = postgres_cluster::as_role(url_, "guest");
  EXPECT_THROW(open_new_epoch(guest, "test"), journal_refused);
  std::istringstream nothing;
  EXPECT_THROW(import_journal(guest, 10, nothing), bad_import);
}

TEST(ConnectionString, IsWhatLibpqUnderstands) {
  EXPECT_TRUE(is_connection_string("postgresql://relay@db1,db2:5433/relay?target_session_attrs=read-write"));
  EXPECT_TRUE(is_connection_string("host=/run/a,/run/b dbname=relay"));
  EXPECT_FALSE(is_connection_string("hots=db"));
  EXPECT_FALSE(is_connection_string("postgresql://relay@db/relay?nonsense=1"));
  EXPECT_FALSE(is_connection_string("db relay"));
}

}  // namespace
}  // namespace event_relay::test
