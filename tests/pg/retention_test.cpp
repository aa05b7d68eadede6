#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include <future>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;

// Partitions have ten events here.
class Retention : public testing::Test {
 protected:
  Retention() {
    journal_->migrate();
    connection_ = journal_->connect();
    connection_->open(std::nullopt);
    topic_ = connection_->register_topics(std::vector<std::string>{"reservations"}).front().id;
  }
  void publish(std::size_t count, const std::string& data = "data") {
    for (std::size_t i = 0; i < count; ++i) append(*connection_, {{topic_, "", "", data}});
  }
  std::string sql(const std::string& text) const { return postgres_cluster::run_sql(url_, text); }
  std::string tables() const {
    return sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'event_relay'::regnamespace AND relkind = 'r'"
               " AND relname ~ '^journal_0'");
  }
  position_t oldest() { return read_page(*connection_, connection_->bounds().floor).front().position; }

  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_, 10);
  std::unique_ptr<journal_connection> connection_;
  topic_id topic_{};
};

TEST_F(Retention, WithoutLimitsRemovesNothing) {
  publish(55);
  const auto done = connection_->retain({});
  EXPECT_EQ(done.floor, 0U);
  EXPECT_EQ(done.partitions_dropped, 0U);
}

TEST_F(Retention, KeepsTheNewestEventsAndWhatSharesTheirPartition) {
  publish(55);
  const auto before = std::stoi(tables());
  const auto done = connection_->retain({.max_events = 20});
  EXPECT_EQ(done.floor, 30U);
  EXPECT_EQ(done.partitions_dropped, 3U);
  EXPECT_EQ(oldest(), 31U);
  EXPECT_EQ(connection_->bounds().head, 55U);
  EXPECT_EQ(std::stoi(tables()), before - 3);
  EXPECT_FALSE(connection_->find(30));
  EXPECT_EQ(connection_->retain({.max_events = 20}).partitions_dropped, 0U);
}

TEST_F(Retention, KeepsWhatAConsumerHasYetToAcknowledge) {
  publish(55);
  const auto epoch = connection_->bounds().current_epoch();
  connection_->claim_consumer("fast", {epoch, 50});
  connection_->claim_consumer("slow", {epoch, 14});
  EXPECT_EQ(connection_->retain({.max_events = 20}).floor, 10U);
  connection_->acknowledge("slow", {epoch, 20});
  EXPECT_EQ(connection_->retain({.max_events = 20}).floor, 20U);
  EXPECT_EQ(connection_->retain({.max_events = 20, .overtake_consumers = true}).floor, 30U);
}

TEST_F(Retention, ForgetsARemovedConsumer) {
  publish(55);
  connection_->claim_consumer("gone", {connection_->bounds().current_epoch(), 0});
  EXPECT_EQ(connection_->retain({.max_events = 20}).floor, 0U);
  connection_->remove_consumer("gone");
  EXPECT_EQ(connection_->retain({.max_events = 20}).floor, 30U);
}

TEST_F(Retention, NeverRemovesThePartitionOfTheHead) {
  publish(20);
  const auto done = connection_->retain({.max_events = 1});
  EXPECT_EQ(done.floor, 10U);
  EXPECT_EQ(connection_->bounds().head, 20U);
  publish(1);
  EXPECT_EQ(connection_->retain({.max_events = 1}).floor, 20U);
  EXPECT_EQ(read_all(*connection_, 20).size(), 1U);
}

TEST_F(Retention, RemovesWhatIsTooOld) {
  publish(35);
  sql("UPDATE event_relay.journal SET created_at = created_at - interval '2 hours' WHERE position <= 25");
  EXPECT_EQ(connection_->retain({.max_age = 1h}).floor, 20U) << "the third partition has younger events";
  EXPECT_EQ(connection_->retain({.max_age = 3h}).floor, 20U);
}

TEST_F(Retention, RemovesWhatTakesTooMuchSpace) {
  publish(55, std::string(20'000, 'x'));
  const auto size = std::stoull(
      sql("SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'event_relay.journal'::regclass"));
  EXPECT_EQ(connection_->retain({.max_bytes = size * 2}).floor, 0U);
  const auto floor = connection_->retain({.max_bytes = size / 2}).floor;
  EXPECT_GE(floor, 20U);
  EXPECT_LE(floor, 40U);
}

TEST_F(Retention, NumbersGoOnAndKeysAreStillKnown) {
  append(*connection_, {{topic_, "", "k", "keyed"}});
  publish(29);
  connection_->retain({.max_events = 1});
  EXPECT_EQ(append(*connection_, {{topic_, "", "", "next"}}).events[0].position, 31U);
  const auto again = append(*connection_, {{topic_, "", "k", "keyed"}}).events[0];
  EXPECT_EQ(again.what, appended::outcome::duplicate);
  EXPECT_EQ(again.position, 1U);
}

TEST_F(Retention, ATransactionThatReadsHoldsUpNobodyButTheRemoval) {
  publish(35);
  pqxx::connection reader(url_);
  pqxx::work transaction(reader);
  transaction.exec("SELECT count(*) FROM event_relay.journal");
  const auto keeper = journal_->connect();
  auto removed = std::async(std::launch::async, [&] { return keeper->retain({.max_events = 5}); });
  const auto pending = [&] { return sql("SELECT count(*) FROM pg_inherits WHERE inhdetachpending"); };
  while (pending() == "0") std::this_thread::yield();
  publish(20);  // would wait behind a plain DETACH or DROP
  EXPECT_EQ(read_all(*connection_, 30).size(), 25U);
  EXPECT_EQ(removed.wait_for(0s), std::future_status::timeout);
  transaction.commit();
  EXPECT_EQ(removed.get().partitions_dropped, 3U);
}

TEST_F(Retention, AnInterruptedRemovalIsBroughtToItsEnd) {
  publish(35);
  {
    pqxx::connection reader(url_);
    pqxx::work transaction(reader);
    transaction.exec("SELECT count(*) FROM event_relay.journal");
    auto keeper = journal_->connect();
    auto cut = std::async(std::launch::async, [&] { keeper->retain({.max_events = 5}); });
    while (sql("SELECT count(*) FROM pg_inherits WHERE inhdetachpending") == "0") std::this_thread::yield();
    sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE%CONCURRENTLY'");
    EXPECT_THROW(cut.get(), journal_unavailable);
  }
  publish(1);
  EXPECT_EQ(connection_->retain({.max_events = 5}).partitions_dropped, 3U);
  EXPECT_EQ(read_all(*connection_, 30).size(), 6U);
}

TEST_F(Retention, TwoRelaysDoNotGetInEachOthersWay) {
  publish(200);
  std::vector<std::future<retained>> rounds;
  std::vector<std::unique_ptr<journal_connection>> keepers;
  for (int i = 0; i < 4; ++i) {
    keepers.push_back(journal_->connect());
    rounds.push_back(std::async(std::launch::async, [&keeper = *keepers.back()] { return keeper.retain({.max_events = 10}); }));
  }
  std::size_t dropped = 0;
  for (auto& round : rounds) dropped += round.get().partitions_dropped;
  dropped += connection_->retain({.max_events = 10}).partitions_dropped;
  EXPECT_EQ(dropped, 19U);
}

TEST_F(Retention, ManyRelaysMayBeginAtOnceWithAnotherSizeOfPartitions) {
  for (std::size_t size = 20; size < 30; ++size) {
    const auto relay = make_postgres_journal(url_, size);
    std::vector<std::future<void>> begun;
    for (int i = 0; i < 6; ++i)
      begun.push_back(std::async(std::launch::async, [&relay] {
        const auto connection = relay->connect();
        connection->open(std::nullopt);
        connection->maintain(1h);
      }));
    for (auto& one : begun) EXPECT_NO_THROW(one.get());
  }
}

TEST_F(Retention, ARoleThatDoesNotOwnTheTablesIsRefused) {
  publish(35);
  sql("DO $$ BEGIN CREATE ROLE keeper LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
      "GRANT USAGE ON SCHEMA event_relay TO keeper; GRANT SELECT ON ALL TABLES IN SCHEMA event_relay TO keeper;"
      "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA event_relay TO keeper");
  const auto keeper = make_postgres_journal(postgres_cluster::as_role(url_, "keeper"))->connect();
  EXPECT_THROW(keeper->retain({.max_events = 5}), journal_refused);
}

}  // namespace
}  // namespace event_relay::test
