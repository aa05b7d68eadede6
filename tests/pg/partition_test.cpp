#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>
#include <pqxx/pqxx>

namespace event_relay::test {
namespace {

class Partition : public testing::Test {
 protected:
  Partition() { journal_->migrate(); }

  void set_partition_rows(int rows) const {
    sql("UPDATE event_relay.retention SET partition_rows = " + std::to_string(rows));
  }

  std::string sql(const std::string& text) const { return postgres_cluster::run_sql(url_, text); }

  std::unique_ptr<journal_connection> open() {
    auto connection = journal_->connect();
    connection->open(std::nullopt);
    topic_ = connection->register_topics(std::vector<std::string>{"reservations"}).front().id;
    return connection;
  }

  std::vector<new_event> events(std::size_t count) const {
    return std::vector<new_event>(count, new_event{topic_, "", "", "data"});
  }

  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_);
  topic_id topic_{};
};

TEST_F(Partition, AreMadeAheadOfAFastWriter) {
  set_partition_rows(10);
  const auto connection = open();
  for (std::size_t i = 0; i < 60; ++i) append(*connection, events(i % 7 + 1));
  const auto head = connection->bounds().head;
  EXPECT_EQ(read_all(*connection, 0, {33, 1'000'000}).size(), head);
  EXPECT_GE(std::stoull(sql("SELECT max(last_position) FROM event_relay.partition")), head + 10);
  EXPECT_EQ(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'event_relay.journal'::regclass"),
            sql("SELECT count(*) FROM event_relay.partition"));
}

TEST_F(Partition, AreMadeForABatchThatIsLargerThanThem) {
  set_partition_rows(10);
  const auto connection = open();
  EXPECT_EQ(append(*connection, events(95)).events.back().position, 95U);
  EXPECT_EQ(append(*connection, events(1)).events.back().position, 96U);
}

TEST_F(Partition, AreMadeByWhoeverRunsOutOfThem) {
  set_partition_rows(10);
  const auto slow = open();
  const auto fast = open();
  for (int i = 0; i < 20; ++i) append(*fast, events(4));
  EXPECT_EQ(append(*slow, events(25)).events.back().position, 105U);
}

TEST_F(Partition, CanGetAnotherSizeAtAnyTime) {
  set_partition_rows(10);
  const auto connection = open();
  append(*connection, events(15));
  set_partition_rows(7);
  append(*connection, events(40));
  connection->maintain(std::chrono::hours{1});
  set_partition_rows(1'000);
  append(*connection, events(100));
  EXPECT_EQ(read_all(*connection).size(), 155U);
}

TEST_F(Partition, AreMadeByMaintenance) {
  set_partition_rows(10);
  const auto connection = open();
  append(*connection, events(10));
  sql("UPDATE event_relay.retention SET floor = 10");
  sql("DROP TABLE event_relay.journal_0000000000000000001");
  connection->maintain(std::chrono::hours{1});
  EXPECT_EQ(append(*connection, events(15)).events.front().position, 11U);
  EXPECT_EQ(read_all(*connection).size(), 15U);
}

TEST_F(Partition, ThatCannotBeMadeNowDoNotStopAppends) {
  set_partition_rows(100);
  const auto connection = open();
  pqxx::connection other{url_};
  pqxx::work transaction{other};
  transaction.exec("LOCK TABLE event_relay.retention IN SHARE ROW EXCLUSIVE MODE");
  for (position_t position = 1; position <= 50; ++position)
    EXPECT_EQ(append(*connection, events(1)).events[0].position, position);
  EXPECT_THROW(connection->maintain(std::chrono::hours{1}), journal_refused);
  EXPECT_EQ(append(*connection, events(1)).events[0].position, 51U);
}

TEST_F(Partition, AreMadeWhileAReaderHoldsATransactionOpen) {
  set_partition_rows(10);
  const auto connection = open();
  append(*connection, events(5));
  pqxx::connection other{url_};
  pqxx::work transaction{other};
  EXPECT_EQ(transaction.exec1("SELECT count(*) FROM event_relay.journal")[0].as<int>(), 5);
  for (int i = 0; i < 10; ++i) append(*connection, events(10));
  EXPECT_EQ(connection->bounds().head, 105U);
}

}  // namespace
}  // namespace event_relay::test
