#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

#include <latch>
#include <thread>

namespace event_relay::test {
namespace {

class Schema : public testing::Test {
 protected:
  std::string sql(const std::string& text) const { return postgres_cluster::run_sql(url_, text); }

  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_);
};

TEST_F(Schema, MissingIsRefusedByConnect) {
  EXPECT_THROW(journal_->connect(), journal_refused);
}

TEST_F(Schema, MigrationCanBeRepeated) {
  journal_->migrate();
  const auto before = sql("SELECT string_agg(version || applied_at::text, ',') FROM event_relay.schema_version");
  journal_->migrate();
  EXPECT_EQ(sql("SELECT string_agg(version || applied_at::text, ',') FROM event_relay.schema_version"), before);
  EXPECT_NO_THROW(journal_->connect());
}

TEST_F(Schema, IsMadeOnceBySeveralWhoMigrateAtTheSameTime) {
  constexpr int count = 8;
  std::latch start{count};
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i)
    threads.emplace_back([&] {
      const auto journal = make_postgres_journal(url_);
      start.arrive_and_wait();
      EXPECT_NO_THROW(journal->migrate());
      EXPECT_NO_THROW(journal->connect()->open(std::nullopt));
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.epoch"), "1");
}

TEST_F(Schema, OfANewerVersionIsRefusedAndLeftAlone) {
  journal_->migrate();
  sql("INSERT INTO event_relay.schema_version (version, description) VALUES (999, 'from the future')");
  EXPECT_THROW(journal_->connect(), journal_refused);
  EXPECT_THROW(journal_->migrate(), journal_refused);
  EXPECT_EQ(sql("SELECT max(version) FROM event_relay.schema_version"), "999");
}

TEST_F(Schema, OfAnOlderVersionIsRefusedByConnect) {
  journal_->migrate();
  sql("DELETE FROM event_relay.schema_version");
  EXPECT_THROW(journal_->connect(), journal_refused);
}

TEST_F(Schema, ThatCannotBeMadeLeavesNothingBehind) {
  const auto latin =
      postgres_cluster::shared().new_database("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  try {
    make_postgres_journal(latin)->migrate();
    ADD_FAILURE() << "a database of another encoding was accepted";
  } catch (const journal_refused& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("UTF8"));
  }
  EXPECT_EQ(postgres_cluster::run_sql(latin, "SELECT count(*) FROM pg_namespace WHERE nspname = 'event_relay'"), "0");
}

/// Databases whose settings would break what the journal promises.
class SchemaSettings : public Schema {
 protected:
  SchemaSettings() { journal_->migrate(); }

  void TearDown() override {
    sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET ALL', current_database()); END $$");
  }

  void set_for_database(const std::string& setting) const {
    sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET " + setting + "', current_database()); END $$");
  }

  void append_to(const std::unique_ptr<journal_connection>& connection) const {
    connection->open(std::nullopt);
    const auto topic = connection->register_topics(std::vector<std::string>{"reservations"}).front().id;
    EXPECT_EQ(append(*connection, {{topic, "", "key", "data"}}).events[0].position, 1U);
    EXPECT_EQ(read_all(*connection).size(), 1U);
  }
};

TEST_F(SchemaSettings, TheSearchPathBringsInNothing) {
  sql("CREATE FUNCTION public.unnest(text[]) RETURNS SETOF text LANGUAGE sql AS 'SELECT NULL::text'");
  set_for_database("search_path = public, pg_catalog");
  append_to(journal_->connect());
  sql("DROP FUNCTION public.unnest(text[])");
}

TEST_F(SchemaSettings, TheIsolationLevelIsTheJournalsOwn) {
  set_for_database("default_transaction_isolation = serializable");
  append_to(journal_->connect());
}

TEST_F(SchemaSettings, AppendIsDurableEvenForACallerThatDoesNotCare) {
  append_to(journal_->connect());
  const auto output =
      sql("BEGIN; SET LOCAL synchronous_commit = off;"
          " SELECT event_relay.append(epoch, gen_random_uuid(), '{1}', '{NULL}', '{NULL}', '{x}')"
          " FROM event_relay.epoch; SHOW synchronous_commit; COMMIT");
  EXPECT_TRUE(output.ends_with("\non")) << output;
}

TEST_F(SchemaSettings, AppendRefusesASnapshotOlderThanItsLock) {
  append_to(journal_->connect());
  const auto call =
      "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT event_relay.append(epoch, gen_random_uuid(), '{1}',"
      " '{NULL}', '{NULL}', '{x}') FROM event_relay.epoch; COMMIT";
  EXPECT_THROW(sql(call), std::runtime_error);
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.journal"), "1");
}

}  // namespace
}  // namespace event_relay::test
