#include "cutting_proxy.hpp"
#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "support/memory_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <thread>

namespace event_relay::test {
namespace {

using testing::ElementsAre;

std::unique_ptr<journal_connection> opened(journal& journal) {
  auto connection = journal.connect();
  connection->open(std::nullopt);
  return connection;
}

TEST(LostAnswer, OfACommittedBatchIsFoundByItsIdInMemory) {
  memory_journal journal;
  const auto connection = opened(journal);
  const new_event event{topic_id{1}, "", "", "data"};
  const auto id = new_batch_id();
  journal.lose_next_commit_answer();
  EXPECT_THROW(append(*connection, {event}, id), journal_unavailable);
  EXPECT_THROW(connection->bounds(), journal_unavailable);
  EXPECT_THAT(positions(append(*opened(journal), {event}, id)), ElementsAre(1));
  EXPECT_EQ(opened(journal)->bounds().head, 1U);
}

class LostAnswerFromPostgres : public testing::Test {
 protected:
  LostAnswerFromPostgres() {
    journal_->migrate();
    connection_ = opened(*journal_);
    topic_ = connection_->register_topics(std::vector<std::string>{"reservations"}).front().id;
    append(*connection_, {event("0")});  // so that the statement is prepared and the next request is the append itself
  }

  new_event event(std::string data) const { return {topic_, "", "", std::move(data)}; }

  cutting_proxy proxy_{postgres_cluster::shared().folder()};
  std::unique_ptr<journal> journal_ = make_postgres_journal(proxy_.through(empty_database()));
  std::unique_ptr<journal_connection> connection_;
  topic_id topic_{};
};

TEST_F(LostAnswerFromPostgres, OfACommittedBatchIsFoundByItsId) {
  const auto id = new_batch_id();
  proxy_.cut_before_next_answer();
  EXPECT_THROW(append(*connection_, {event("1"), event("2")}, id), journal_unavailable);
  connection_.reset();
  const auto other = opened(*journal_);
  EXPECT_EQ(other->bounds().head, 3U) << "the commit happened";
  EXPECT_THAT(positions(append(*other, {event("1"), event("2")}, id)), ElementsAre(2, 3));
  EXPECT_EQ(other->bounds().head, 3U);
}

TEST_F(LostAnswerFromPostgres, OfABatchThatNeverArrivedIsStoredByTheRetry) {
  const auto id = new_batch_id();
  proxy_.cut_before_next_request();
  EXPECT_THROW(append(*connection_, {event("1")}, id), journal_unavailable);
  connection_.reset();
  const auto other = opened(*journal_);
  EXPECT_EQ(other->bounds().head, 1U) << "it did not";
  EXPECT_THAT(positions(append(*other, {event("1")}, id)), ElementsAre(2));
}

/// Appends numbered events until told to stop, and repeats each batch until it has its receipt.
class persistent_writer {
 public:
  persistent_writer(journal& journal, topic_id topic) : journal_{journal}, topic_{topic} {}

  void run(const std::atomic<bool>& stop) {
    while (!stop) {
      std::vector<new_event> batch;
      for (int i = 0; i < 5; ++i) batch.push_back({topic_, "", "", std::to_string(next_++)});
      std::vector<position_t> list;
      ASSERT_NO_THROW(list = positions(append_until_answered(batch)));
      const std::lock_guard lock{mutex_};
      acknowledged_.insert(acknowledged_.end(), list.begin(), list.end());
      progress_.notify_all();
    }
  }

  void wait_for(std::size_t events) {
    std::unique_lock lock{mutex_};
    const bool reached =
        progress_.wait_for(lock, std::chrono::seconds{30}, [&] { return acknowledged_.size() >= events; });
    ASSERT_TRUE(reached);
  }

  std::size_t acknowledged() {
    const std::lock_guard lock{mutex_};
    return acknowledged_.size();
  }

  const std::vector<position_t>& all() const { return acknowledged_; }
  int retries() const { return retries_; }

 private:
  append_receipt append_until_answered(const std::vector<new_event>& batch) {
    const auto id = new_batch_id();
    for (;; ++retries_) {
      try {
        if (!connection_) connection_ = opened(journal_);
        return append(*connection_, batch, id);
      } catch (const journal_unavailable&) {
        connection_.reset();
        // As a relay does it: a storm of connections would keep a server from coming back.
        never_released_.try_acquire_for(std::chrono::milliseconds{20});
      }
    }
  }

  std::binary_semaphore never_released_{0};
  journal& journal_;
  const topic_id topic_;
  std::unique_ptr<journal_connection> connection_;
  int next_ = 0;
  int retries_ = 0;
  std::mutex mutex_;
  std::condition_variable progress_;
  std::vector<position_t> acknowledged_;
};

/// A server of their own: after a crash it has to go through all that the other tests wrote.
class Restart : public testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = std::make_unique<postgres_cluster>(); }
  static void TearDownTestSuite() { cluster_.reset(); }

  Restart() {
    journal_->migrate();
    topic_ = opened(*journal_)->register_topics(std::vector<std::string>{"reservations"}).front().id;
  }

  static inline std::unique_ptr<postgres_cluster> cluster_;
  const std::unique_ptr<journal> journal_ = make_postgres_journal(cluster_->new_database());
  topic_id topic_{};
};

TEST_F(Restart, ImmediateInTheMiddleOfAppendsLosesNothingAndRepeatsNothing) {
  persistent_writer writer{*journal_, topic_};
  std::atomic<bool> stop = false;
  std::thread thread{[&] { writer.run(stop); }};
  for (int round = 0; round < 4 && !HasFatalFailure(); ++round) {
    writer.wait_for(writer.acknowledged() + 200);
    cluster_->restart(postgres_cluster::stop_mode::immediate);
  }
  writer.wait_for(writer.acknowledged() + 200);
  stop = true;
  thread.join();

  EXPECT_GT(writer.retries(), 0);
  const auto events = read_all(*opened(*journal_));
  ASSERT_EQ(events.size(), writer.all().size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    ASSERT_EQ(events[i].position, i + 1);
    ASSERT_EQ(writer.all()[i], i + 1);
    ASSERT_EQ(events[i].data, std::to_string(i));
  }
}

TEST_F(Restart, WhileTheServerIsAwayEveryCallSaysSo) {
  const auto connection = opened(*journal_);
  cluster_->stop(postgres_cluster::stop_mode::fast);
  EXPECT_THROW(connection->bounds(), journal_unavailable);
  EXPECT_THROW(journal_->connect(), journal_unavailable);
  EXPECT_THROW(journal_->migrate(), journal_unavailable);
  cluster_->start();
  EXPECT_NO_THROW(opened(*journal_));
}

}  // namespace
}  // namespace event_relay::test
