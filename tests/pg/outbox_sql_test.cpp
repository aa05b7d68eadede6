#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include <atomic>
#include <map>
#include <random>
#include <thread>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// What a business service sees of the outbox: SQL in its own transactions.
class OutboxSql : public testing::Test {
 protected:
  OutboxSql() {
    journal_->migrate();
    relay_ = open();
    relay_->register_topics(std::vector<std::string>{"reservations"});
  }
  std::unique_ptr<journal_connection> open() const {
    auto connection = journal_->connect();
    connection->open(std::nullopt);
    return connection;
  }
  std::string sql(const std::string& statement) const { return postgres_cluster::run_sql(url_, statement); }
  std::string refusal(const std::string& call) const {
    try {
      sql("SELECT event_relay.publish(" + call + ")");
    } catch (const std::runtime_error& why) {
      return why.what();
    }
    return "none";
  }
  std::vector<std::string> stored() const {
    std::vector<std::string> data;
    for (const auto& event : read_all(*relay_)) data.push_back(event.data);
    return data;
  }

  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_);
  std::unique_ptr<journal_connection> relay_;
};

TEST_F(OutboxSql, WhatIsRolledBackWasNeverThere) {
  sql("BEGIN; SELECT event_relay.publish('reservations', 'created', 'a'); ROLLBACK");
  sql("SELECT event_relay.publish('reservations', 'created', 'b')");
  EXPECT_EQ(relay_->drain_outbox({}).stored, 1U);
  EXPECT_THAT(stored(), ElementsAre("b"));
}

TEST_F(OutboxSql, ALongTransactionBlocksNobodyAndItsEventComesAfterItsCommit) {
  pqxx::connection service(url_);
  pqxx::work transaction(service);
  transaction.exec("SELECT event_relay.publish('reservations', 'created', 'long')");
  for (int i = 0; i < 3; ++i) {
    sql("SELECT event_relay.publish('reservations', 'created', 'short')");
    EXPECT_EQ(relay_->drain_outbox({}).stored, 1U);
    append(*relay_, {{topic_id{1}, "", "", "by http"}});
  }
  transaction.commit();
  EXPECT_EQ(relay_->drain_outbox({}).stored, 1U);
  EXPECT_THAT(stored(), ElementsAre("short", "by http", "short", "by http", "short", "by http", "long"));
}

TEST_F(OutboxSql, PublishingWaitsForNoLockOfTheJournal) {
  pqxx::connection writer(url_);
  pqxx::work transaction(writer);
  transaction.exec("LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE");
  sql("SET lock_timeout = '100ms'; SELECT event_relay.publish('reservations', 'created', 'a')");
}

TEST_F(OutboxSql, PublishingTakesNoStrongLockAndNotifiesNobody) {
  const auto locks = sql(
      "BEGIN; SELECT event_relay.publish('reservations', 'created', 'a');"
      "SELECT string_agg(DISTINCT mode, ',') FROM pg_locks WHERE pid = pg_backend_pid() AND relation IS NOT NULL"
      " AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock'); COMMIT");
  EXPECT_EQ(locks, "1");  // the id, and no lock
  relay_->listen();
  sql("SELECT event_relay.publish('reservations', 'created', 'b')");
  EXPECT_EQ(relay_->wait_for_news(200ms), std::nullopt);
}

TEST_F(OutboxSql, TakesJsonAsItIs) {
  sql(R"(SELECT event_relay.publish('reservations', 'created', '{"a": 1}'))");
  sql(R"(SELECT event_relay.publish('reservations', 'created', '{"b":  2}'::json))");
  sql(R"(SELECT event_relay.publish('reservations', 'created', jsonb_build_object('c', 3)))");
  sql(R"(SELECT event_relay.publish(topic => 'reservations', type => NULL, data => 'text', key => 'k'))");
  EXPECT_EQ(relay_->drain_outbox({}).stored, 4U);
  EXPECT_THAT(stored(), ElementsAre(R"({"a": 1})", R"({"b":  2})", R"({"c": 3})", "text"));
}

TEST_F(OutboxSql, WhatCanNeverBeAnEventFailsWhereItIsPublished) {
  EXPECT_THAT(refusal("'a/b', 'created', '{}'"), HasSubstr("topic must be 1 to 128 characters"));
  EXPECT_THAT(refusal("NULL, 'created', '{}'"), HasSubstr("topic must be"));
  EXPECT_THAT(refusal("'reservations', '', '{}'"), HasSubstr("type must be 1 to 128 bytes"));
  EXPECT_THAT(refusal("'reservations', repeat('x', 129), '{}'"), HasSubstr("type must be"));
  EXPECT_THAT(refusal("'reservations', E'a\\nid: 5', '{}'"), HasSubstr("type must be"));
  EXPECT_THAT(refusal("'reservations', E'a\\x7f', '{}'"), HasSubstr("type must be"));
  EXPECT_THAT(refusal("'reservations', ' a', '{}'"), HasSubstr("type must be"));
  EXPECT_THAT(refusal("'reservations', 'relay.reset', '{}'"), HasSubstr("reserved"));
  EXPECT_THAT(refusal("'reservations', 'open', '{}'"), HasSubstr("reserved"));
  EXPECT_THAT(refusal("'reservations', 'created', NULL::text"), HasSubstr("data must not be NULL"));
  EXPECT_THAT(refusal("'reservations', 'created', '{}', ''"), HasSubstr("key must be 1 to 255"));
  EXPECT_THAT(refusal("'reservations', 'created', '{}', 'ä'"), HasSubstr("key must be"));
  EXPECT_EQ(refusal("'reservations', 'ä b', '{}', 'a b'"), "none");
  EXPECT_EQ(relay_->drain_outbox({}).stored, 1U);
}

TEST_F(OutboxSql, ADeadLetterCanBePutBack) {
  const auto id = sql("SELECT event_relay.publish('loans', 'created', 'early', 'k')");
  EXPECT_EQ(relay_->drain_outbox({}).dead[0], 1U);
  EXPECT_EQ(sql("SELECT reason, topic, type, key, data FROM event_relay.dead_letter WHERE id = " + id),
            "unknown_topic|loans|created|k|early");
  relay_->register_topics(std::vector<std::string>{"loans"});
  EXPECT_NE(sql("SELECT event_relay.republish(" + id + ")"), "");
  EXPECT_EQ(sql("SELECT event_relay.republish(" + id + ")"), "");
  EXPECT_EQ(relay_->drain_outbox({}).stored, 1U);
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.dead_letter"), "0");
}

TEST_F(OutboxSql, ARoleThatMayOnlyPublishCanDoNothingElse) {
  sql("DO $$ BEGIN CREATE ROLE shop LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
      "GRANT USAGE ON SCHEMA event_relay TO shop;"
      "GRANT EXECUTE ON FUNCTION event_relay.publish(text, text, text, text), event_relay.publish(text, text, json, text),"
      " event_relay.publish(text, text, jsonb, text) TO shop");
  const auto shop = postgres_cluster::as_role(url_, "shop");
  postgres_cluster::run_sql(shop, "SELECT event_relay.publish('reservations', 'created', '{}'::jsonb)");
  EXPECT_EQ(relay_->drain_outbox({}).stored, 1U);
  for (const std::string statement :
       {"SELECT * FROM event_relay.outbox", "DELETE FROM event_relay.outbox", "SELECT event_relay.republish(1)",
        "SELECT event_relay.drain(1, 1, 1, 1, NULL)", "SELECT * FROM event_relay.dead_letter"})
    EXPECT_THROW(postgres_cluster::run_sql(shop, statement), std::runtime_error) << statement;
}

/// Writers of one aggregate each, with random pauses and rollbacks; one transaction that is open all the time; two
/// relays; and connections that are killed.
TEST_F(OutboxSql, EveryCommittedEventOnceAndInTheOrderOfItsAggregate) {
  constexpr int transactions = 120;
  std::atomic<int> writing{4};
  std::atomic<int> looks{0};  // into the outbox
  std::atomic<int> moves{0};  // those that found something
  std::array<std::vector<std::string>, 4> committed;
  pqxx::connection long_service(url_);
  pqxx::work long_transaction(long_service);
  long_transaction.exec("SELECT event_relay.publish('reservations', NULL, 'long')");
  std::vector<std::jthread> threads;
  for (int writer = 0; writer < 4; ++writer)
    threads.emplace_back([&, writer] {
      std::mt19937 random(static_cast<unsigned>(writer));
      pqxx::connection service(url_);
      for (int n = 0; n < transactions; ++n) {
        pqxx::work transaction(service);
        std::vector<std::string> data;
        for (unsigned i = 0; i <= random() % 3; ++i) {
          data.push_back(std::to_string(writer) + "/" + std::to_string(n) + "/" + std::to_string(i));
          transaction.exec("SELECT event_relay.publish('reservations', NULL, " + transaction.quote(data.back()) + ")");
        }
        // A transaction has other work, too: milliseconds of it.
        transaction.exec("SELECT sum(n) FROM generate_series(1, " + std::to_string(random() % 20'000) + ") n");
        if (random() % 6 == 0) continue;  // rolled back
        transaction.commit();
        committed[writer].insert(committed[writer].end(), data.begin(), data.end());
      }
      --writing;
    });
  for (int relay = 0; relay < 2; ++relay)
    threads.emplace_back([&] {
      std::unique_ptr<journal_connection> connection;
      for (bool last = false, done = false; !done;) {
        try {
          if (!connection) connection = open();
          const auto moved = connection->drain_outbox({.events = 7}).stored;
          if (moved > 0) ++moves;
          ++looks;
          looks.notify_all();
          done = last && moved == 0;
          last = writing == 0;
        } catch (const journal_unavailable&) {
          connection.reset();
        }
      }
    });
  threads.emplace_back([&] {
    // There is always another look after the last write, so nobody waits here for ever.
    for (int seen = looks, due = 10; writing > 0; seen = looks) {
      looks.wait(seen);
      if (moves < due) continue;
      due = moves + 10;
      sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%event_relay.drain%'"
          " AND pid <> pg_backend_pid()");
    }
  });
  threads.clear();
  long_transaction.commit();
  while (open()->drain_outbox({}).stored > 0) continue;

  std::array<std::vector<std::string>, 4> seen;
  auto all = stored();
  EXPECT_EQ(all.back(), "long");
  all.pop_back();
  for (auto& data : all) seen[static_cast<std::size_t>(data.front() - '0')].push_back(data);
  EXPECT_EQ(seen, committed);
  EXPECT_EQ(sql("SELECT count(*) FROM event_relay.outbox"), "0");
}

}  // namespace
}  // namespace event_relay::test
