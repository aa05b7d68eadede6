#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;

/// Writers and readers of one journal, and what each of them saw.
class Concurrency : public testing::Test {
 protected:
  Concurrency() {
    journal_->migrate();
    const auto connection = open();
    topic_ = connection->register_topics(std::vector<std::string>{"reservations"}).front().id;
    epoch_ = connection->bounds().current_epoch();
  }

  std::unique_ptr<journal_connection> open() const {
    auto connection = journal_->connect();
    connection->open(std::nullopt);
    return connection;
  }

  /// A relay's writer: repeats a batch under its id until it is answered.
  void write_batches(int writer, int batches);

  /// A client that keeps its transaction open around the append, at random for some milliseconds, and then commits,
  /// rolls back or is killed. With no answer to its COMMIT it does not know what became of it.
  void write_transactions(int writer, int transactions);
  void write_transaction(pqxx::connection& connection, const std::string& data, int milliseconds, bool commit);

  /// Follows the journal as a relay does until the writers are done. Everything it reads has to come without holes.
  void follow(std::vector<read_event>& seen);

  void kill_writers_now_and_then();

  void acknowledge(const std::string& data, position_t position) {
    const std::lock_guard lock{mutex_};
    acknowledged_[data] = position;
  }

  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_);
  topic_id topic_{};
  epoch_t epoch_ = 0;
  std::atomic<int> writing_ = 0;
  std::mutex mutex_;
  std::map<std::string, position_t> acknowledged_;  ///< position by data, of all that is known to be stored
  std::atomic<int> in_doubt_ = 0;                   ///< transactions that may or may not be stored
  std::atomic<int> killed_ = 0;                     ///< calls that ended in a lost connection
};

void Concurrency::write_batches(int writer, int batches) {
  std::mt19937 random{static_cast<unsigned>(writer)};
  std::unique_ptr<journal_connection> connection;
  for (int n = 0; n < batches; ++n) {
    std::vector<new_event> batch;
    for (unsigned i = 0; i <= random() % 5; ++i)
      batch.push_back(
          {topic_, "", "", "relay " + std::to_string(writer) + "/" + std::to_string(n) + "/" + std::to_string(i)});
    for (const auto id = new_batch_id();;) {
      try {
        if (!connection) connection = open();
        const auto list = positions(append(*connection, batch, id));
        for (std::size_t i = 0; i < list.size(); ++i) acknowledge(batch[i].data, list[i]);
        break;
      } catch (const journal_unavailable&) {
        connection.reset();
        ++killed_;
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
        break;
      }
    }
  }
  --writing_;
}

void Concurrency::write_transaction(pqxx::connection& connection, const std::string& data, int milliseconds,
                                    bool commit) {
  pqxx::work transaction{connection};
  const auto sleep = "SELECT pg_sleep(" + std::to_string(milliseconds) + " / 1000.0)";
  transaction.exec(sleep);
  const auto base = transaction
                        .exec_params1(
                            "SELECT base FROM event_relay.append($1, gen_random_uuid(), ARRAY[$2::int, $2],"
                            " '{NULL,NULL}', '{NULL,NULL}', ARRAY[$3, $3 || '+'])",
                            epoch_, static_cast<std::uint32_t>(topic_), data)[0]
                        .as<position_t>();
  transaction.exec(sleep);
  if (!commit) return;
  ++in_doubt_;
  transaction.commit();
  --in_doubt_;
  acknowledge(data, base + 1);
  acknowledge(data + "+", base + 2);
}

void Concurrency::write_transactions(int writer, int transactions) {
  std::mt19937 random{static_cast<unsigned>(writer)};
  std::optional<pqxx::connection> connection;
  for (int n = 0; n < transactions; ++n) {
    const auto milliseconds = static_cast<int>(random() % 8);
    const bool commit = random() % 5 != 0;
    try {
      if (!connection) connection.emplace(url_ + " application_name=writer");
      write_transaction(*connection, "tx " + std::to_string(writer) + "/" + std::to_string(n), milliseconds, commit);
    } catch (const pqxx::integrity_constraint_violation& error) {
      ADD_FAILURE() << error.what();
    } catch (const pqxx::failure&) {
      connection.reset();
      ++killed_;
    }
  }
  --writing_;
}

void Concurrency::follow(std::vector<read_event>& seen) {
  const auto connection = open();
  connection->listen();
  for (bool last_round = false;;) {
    const auto page = read_page(*connection, seen.size(), {64, 1'000'000});
    for (const auto& event : page) {
      ASSERT_EQ(event.position, seen.size() + 1) << "a hole, or an event that became visible too late";
      seen.push_back(event);
    }
    if (!page.empty()) continue;
    if (last_round) return;
    last_round = writing_ == 0;
    if (!last_round) connection->wait_for_news(50ms);
  }
}

void Concurrency::kill_writers_now_and_then() {
  const auto connection = open();
  for (std::size_t round = 0; writing_ > 0; ++round) {
    connection->wait_for_news(60ms);  // nothing listens: this is a pause
    postgres_cluster::run_sql(url_,
                              "SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                              " WHERE datname = current_database() AND (application_name = 'writer' OR query LIKE"
                              " '%event_relay.append%') AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1) victim");
  }
}

TEST_F(Concurrency, NobodyMissesAnythingAndNothingIsStoredTwice) {
  constexpr int relays = 3;
  constexpr int clients = 3;
  writing_ = relays + clients;
  std::vector<std::vector<read_event>> seen(3);
  std::vector<std::thread> threads;
  for (auto& events : seen) threads.emplace_back([&] { follow(events); });
  for (int i = 0; i < relays; ++i) threads.emplace_back([this, i] { write_batches(i, 250); });
  for (int i = 0; i < clients; ++i) threads.emplace_back([this, i] { write_transactions(i, 100); });
  threads.emplace_back([this] { kill_writers_now_and_then(); });
  for (auto& thread : threads) thread.join();

  EXPECT_GT(killed_, 0);
  const auto all = read_all(*open());
  for (const auto& events : seen) EXPECT_EQ(events, all);

  std::map<std::string, position_t> stored;
  for (const auto& event : all)
    EXPECT_TRUE(stored.emplace(event.data, event.position).second) << event.data << " twice";
  for (const auto& [data, position] : acknowledged_) EXPECT_EQ(stored[data], position) << data;
  EXPECT_LE(stored.size(), acknowledged_.size() + 2 * static_cast<std::size_t>(in_doubt_.load()))
      << "something is stored that was rolled back";
}

// Takes lock_timeout, 5 s. As when another relay's commit waits for a standby that hangs: it is to be sent again, not
// given up.
TEST_F(Concurrency, AnAppendThatWaitsForALockForLongIsAskedToBeSentAgain) {
  const auto connection = open();
  const new_event event{topic_, "", "", "waits"};
  const auto id = new_batch_id();
  {
    pqxx::connection other{url_};
    pqxx::work transaction{other};
    transaction.exec("LOCK TABLE event_relay.append_lock IN EXCLUSIVE MODE");
    EXPECT_THROW(append(*connection, {event}, id), journal_unavailable);
  }
  EXPECT_THAT(positions(append(*open(), {event}, id)), testing::ElementsAre(1));
}

TEST_F(Concurrency, TwoRelaysThatBothWriteAndReadSeeTheSame) {
  writing_ = 2;
  std::vector<read_event> first;
  std::vector<read_event> second;
  std::vector<std::thread> threads;
  threads.emplace_back([this] { write_batches(1, 500); });
  threads.emplace_back([this] { write_batches(2, 500); });
  threads.emplace_back([&] { follow(first); });
  threads.emplace_back([&] { follow(second); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(first.size(), acknowledged_.size());
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace event_relay::test
