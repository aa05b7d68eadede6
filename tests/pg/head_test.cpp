#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "journal/migrations.hpp"
#include "support/postgres_cluster.hpp"

#include <gtest/gtest.h>

namespace event_relay::test {
namespace {

/// Where numbering goes on: after the newest batch, whatever became of the batches and events before it.
class Head : public testing::Test {
 protected:
  std::string sql(const std::string& text) const { return postgres_cluster::run_sql(url_, text); }

  std::unique_ptr<journal_connection> open() {
    journal_->migrate();
    auto connection = journal_->connect();
    connection->open(std::nullopt);
    topic_ = connection->register_topics(std::vector<std::string>{"reservations"}).front().id;
    return connection;
  }

  position_t append_one(journal_connection& connection, const std::string& key = {}) const {
    return append(connection, {{topic_, "", key, "data"}}).events[0].position;
  }

  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_);
  topic_id topic_{};
};

TEST_F(Head, IsThatOfAnOlderSchemaWhoseBatchesWereForgotten) {
  sql(std::string{migrations()[0].sql});
  sql("INSERT INTO event_relay.schema_version (version, description) VALUES (1, 'initial journal')");
  sql("SELECT event_relay.ensure_partitions(2, 1); SELECT event_relay.register_topics('{reservations}');"
      "SELECT event_relay.append(event_relay.open_epoch(NULL, NULL), gen_random_uuid(), '{1,1}', '{NULL,NULL}',"
      " '{NULL,NULL}', '{a,b}'); DELETE FROM event_relay.batch");
  const auto connection = open();
  EXPECT_EQ(connection->bounds().head, 2U);
  EXPECT_EQ(append_one(*connection), 3U);
}

TEST_F(Head, IsThatOfAnOlderSchemaWithRepetitionsInItsBatches) {
  sql(std::string{migrations()[0].sql});
  sql("INSERT INTO event_relay.schema_version (version, description) VALUES (1, 'initial journal')");
  sql("SELECT event_relay.ensure_partitions(2, 1); SELECT event_relay.register_topics('{reservations}')");
  sql("SELECT event_relay.append(event_relay.open_epoch(NULL, NULL), gen_random_uuid(), '{1}', '{NULL}', '{k}', "
      "'{a}')");
  sql("SELECT event_relay.append(max(epoch), gen_random_uuid(), '{1,1}', '{NULL,NULL}', '{k,NULL}', '{a,b}')"
      " FROM event_relay.epoch");
  const auto connection = open();
  EXPECT_EQ(connection->bounds().head, 2U);
  EXPECT_EQ(append_one(*connection), 3U);
}

TEST_F(Head, StaysWhenBatchesAreForgotten) {
  const auto connection = open();
  for (position_t position = 1; position <= 3; ++position) EXPECT_EQ(append_one(*connection), position);
  sql("UPDATE event_relay.batch SET created_at = created_at - interval '2 hours'");
  connection->maintain(std::chrono::hours{1});
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.batch"), "1");
  EXPECT_EQ(connection->bounds().head, 3U);
  EXPECT_EQ(append_one(*connection), 4U);
}

TEST_F(Head, StaysWhenTheNewestBatchesHadNothingNew) {
  const auto connection = open();
  EXPECT_EQ(append_one(*connection, "key"), 1U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(append_one(*connection, "key"), 1U);
  sql("UPDATE event_relay.batch SET created_at = created_at - interval '2 hours'");
  connection->maintain(std::chrono::hours{1});
  EXPECT_EQ(append_one(*connection), 2U);
}

/// What a statement locks it has opened too: its cost must not grow with the journal.
TEST_F(Head, IsFoundWithoutOpeningThePartitions) {
  const auto connection = open();
  append_one(*connection);
  sql("UPDATE event_relay.retention SET partition_rows = 10; SELECT event_relay.ensure_partitions(40, 1)");
  const std::string locked =
      "SELECT count(*) FROM pg_locks l JOIN pg_inherits i ON i.inhrelid = l.relation"
      " WHERE l.pid = pg_backend_pid() AND i.inhparent = 'event_relay.journal'::regclass; ROLLBACK";
  EXPECT_EQ(sql("BEGIN; SELECT 1 FROM event_relay.extent; " + locked), "1\n0");
  const auto output =
      sql("BEGIN; SELECT 1 FROM event_relay.append((SELECT max(epoch) FROM event_relay.epoch),"
          " gen_random_uuid(), '{1}', '{NULL}', '{NULL}', '{x}'); " +
          locked);
  EXPECT_EQ(output, "1\n1") << "the partition that took the event";
}

}  // namespace
}  // namespace event_relay::test
