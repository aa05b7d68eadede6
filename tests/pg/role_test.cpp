#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

class Role : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    postgres_cluster::run_sql(empty_database(),
                              "CREATE ROLE journal_owner LOGIN NOSUPERUSER; CREATE ROLE journal_user LOGIN NOSUPERUSER;"
                              "CREATE ROLE stranger LOGIN NOSUPERUSER");
  }

  Role() {
    sql("DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO journal_owner', current_database()); END $$");
  }

  std::string sql(const std::string& text) const { return postgres_cluster::run_sql(url_, text); }
  std::unique_ptr<journal> journal_of(const std::string& role) const {
    return make_postgres_journal(postgres_cluster::as_role(url_, role));
  }

  static void use(journal& journal) {
    const auto connection = journal.connect();
    connection->open(std::nullopt);
    connection->listen();
    const auto topic = connection->register_topics(std::vector<std::string>{"reservations"}).front().id;
    EXPECT_EQ(connection->topics().size(), 1U);
    const auto receipt = append(*connection, {{topic, "created", "key", "data"}});
    EXPECT_EQ(read_all(*connection).size(), receipt.events[0].position);
    EXPECT_TRUE(connection->find(1));
    EXPECT_EQ(connection->wait_for_news(std::chrono::seconds{30}), 1U);
    connection->maintain(std::chrono::seconds{0});
  }

  const std::string url_ = empty_database();
};

TEST_F(Role, WithoutSuperuserRightsCanMigrateAndServe) {
  const auto journal = journal_of("journal_owner");
  journal->migrate();
  use(*journal);
}

TEST_F(Role, WhoseIdleSessionsAreEndedKeepsItsConnections) {
  sql("ALTER ROLE journal_owner SET idle_session_timeout = '300ms'");
  const auto journal = journal_of("journal_owner");
  journal->migrate();
  const auto connection = journal->connect();
  sql("ALTER ROLE journal_owner RESET idle_session_timeout");
  EXPECT_EQ(connection->wait_for_news(std::chrono::seconds{1}), std::nullopt);
  EXPECT_NO_THROW(connection->topics());
}

TEST_F(Role, ThatMayOnlyReadAndCallCanServe) {
  journal_of("journal_owner")->migrate();
  sql("GRANT USAGE ON SCHEMA event_relay TO journal_user;"
      "GRANT SELECT ON ALL TABLES IN SCHEMA event_relay TO journal_user;"
      "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA event_relay TO journal_user");
  use(*journal_of("journal_user"));
  for (const std::string statement :
       {"DELETE FROM event_relay.journal", "INSERT INTO event_relay.journal VALUES (9, 1, now(), NULL, 'x')",
        "UPDATE event_relay.retention SET floor = 0", "LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE"})
    EXPECT_THROW(postgres_cluster::run_sql(postgres_cluster::as_role(url_, "journal_user"), statement),
                 std::runtime_error)
        << statement;
}

TEST_F(Role, ThatMayNotDrainTheOutboxServesAllTheSame) {
  journal_of("journal_owner")->migrate();
  sql("GRANT USAGE ON SCHEMA event_relay TO journal_user;"
      "GRANT SELECT ON ALL TABLES IN SCHEMA event_relay TO journal_user;"
      "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA event_relay TO journal_user;"
      "REVOKE EXECUTE ON FUNCTION event_relay.drain FROM journal_user");
  const auto journal = journal_of("journal_user");
  EXPECT_THROW(
      {
        const auto connection = journal->connect();
        connection->open(std::nullopt);
        connection->drain_outbox({});
      },
      journal_refused);
  use(*journal);
}

TEST_F(Role, WithoutAnyRightIsRefused) {
  journal_of("journal_owner")->migrate();
  EXPECT_THROW(journal_of("stranger")->connect(), journal_refused);
  EXPECT_THROW(journal_of("stranger")->migrate(), journal_refused);
  EXPECT_EQ(sql("SELECT count(*) FROM pg_proc WHERE pronamespace = 'event_relay'::regnamespace"
                " AND has_function_privilege('stranger', oid, 'EXECUTE')"),
            "0");
  EXPECT_EQ(sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'event_relay'::regnamespace AND relkind IN ('r', "
                "'p', 'v')"
                " AND has_table_privilege('stranger', oid, 'SELECT')"),
            "0");
}

TEST_F(Role, ThatMayNotCreateASchemaCannotMigrate) {
  EXPECT_THROW(journal_of("stranger")->migrate(), journal_refused);
}

}  // namespace
}  // namespace event_relay::test
