#include "journal_under_test.hpp"

#include "event_relay/journal/postgres_journal.hpp"
#include "event_relay/journal/sqlite_journal.hpp"
#include "support/memory_journal.hpp"
#include "support/postgres_cluster.hpp"
#include "temporary_folder.hpp"

#include <SQLiteCpp/Database.h>

#include <filesystem>
#include <random>
#include <sstream>

namespace event_relay::test {
namespace {

class memory_under_test final : public journal_under_test, public outbox_under_test {
 public:
  journal& get() override { return journal_; }
  void remove_up_to(position_t position) override { journal_.remove_up_to(position); }
  void set_back_to(position_t head) override { journal_.set_back_to(head); }
  void begin_new_epoch(position_t first_position) override { journal_.begin_new_epoch(first_position); }
  void cut_connections() override {
    journal_.go_away();
    journal_.come_back();
  }
  void put_into_outbox(const std::string& topic, const std::string& type, const std::string& data,
                       const std::string& key) override {
    journal_.put_into_outbox(topic, type, data, key);
  }
  std::vector<std::string> dead_letters() override { return journal_.dead_letters(); }

 private:
  memory_journal journal_;
};

class postgres_under_test final : public journal_under_test, public outbox_under_test {
 public:
  journal& get() override { return *journal_; }

  void remove_up_to(position_t position) override {
    const auto floor = std::to_string(position);
    postgres_cluster::run_sql(url_, "UPDATE event_relay.retention SET floor = " + floor);
    postgres_cluster::run_sql(url_, "DELETE FROM event_relay.journal WHERE position <= " + floor);
  }

  void set_back_to(position_t head) override {
    const auto last = std::to_string(head);
    postgres_cluster::run_sql(url_, "DELETE FROM event_relay.journal WHERE position > " + last +
                                        "; DELETE FROM event_relay.dedupe WHERE position > " + last +
                                        "; DELETE FROM event_relay.batch WHERE head > " + last);
    // Not even a crash cuts through a batch, but some tests do.
    postgres_cluster::run_sql(url_,
                              "INSERT INTO event_relay.batch (batch_id, epoch, base, events, created_at)"
                              " SELECT gen_random_uuid(), max(epoch), " +
                                  last + ", 0, clock_timestamp() FROM event_relay.epoch");
  }

  void begin_new_epoch(position_t first_position) override {
    set_back_to(first_position - 1);
    postgres_cluster::run_sql(
        url_, "INSERT INTO event_relay.epoch SELECT epoch + 1, " + std::to_string(first_position) +
                  ", system_identifier, timeline, 'test' FROM event_relay.epoch ORDER BY epoch DESC LIMIT 1");
  }

  void cut_connections() override { postgres_cluster::shared().kill_backends(); }

  void put_into_outbox(const std::string& topic, const std::string& type, const std::string& data,
                       const std::string& key) override {
    postgres_cluster::run_sql(url_, "SELECT event_relay.publish('" + topic + "', '" + type + "', '" + data +
                                        "', nullif('" + key + "', ''))");
  }
  std::vector<std::string> dead_letters() override {
    std::istringstream rows(
        postgres_cluster::run_sql(url_, "SELECT data || ': ' || reason FROM event_relay.dead_letter ORDER BY id"));
    std::vector<std::string> letters;
    for (std::string row; std::getline(rows, row);) letters.push_back(row);
    return letters;
  }

 private:
  const std::string url_ = empty_database();
  const std::unique_ptr<journal> journal_ = make_postgres_journal(url_);
};

class sqlite_under_test final : public journal_under_test {
 public:
  journal& get() override { return *journal_; }

  void remove_up_to(position_t position) override {
    const auto floor = std::to_string(position);
    sql("UPDATE state SET floor = " + floor + "; DELETE FROM journal WHERE position <= " + floor);
  }

  void set_back_to(position_t head) override {
    const auto last = std::to_string(head);
    sql("DELETE FROM journal WHERE position > " + last + "; DELETE FROM dedupe WHERE position > " + last +
        "; DELETE FROM batch WHERE head > " + last);
  }

  void begin_new_epoch(position_t first_position) override {
    set_back_to(first_position - 1);
    sql("INSERT INTO epoch SELECT max(epoch) + 1, " + std::to_string(first_position) + ", 'test', 0 FROM epoch");
  }

  /// Only by putting another file in place of the one that they have open.
  void cut_connections() override {
    sql("VACUUM INTO '" + path_ + "-copy'");
    std::filesystem::remove(path_ + "-wal");
    std::filesystem::remove(path_ + "-shm");
    std::filesystem::rename(path_ + "-copy", path_);
  }

 private:
  void sql(const std::string& text) const {
    SQLite::Database{path_, SQLite::OPEN_READWRITE}.exec("PRAGMA foreign_keys = ON;" + text);
  }

  const temporary_folder folder_;
  const std::string path_ = folder_.path() + "/journal.db";
  const std::unique_ptr<journal> journal_ = make_sqlite_journal(path_);
};

}  // namespace

std::unique_ptr<journal_under_test> make_memory_journal_under_test() {
  return std::make_unique<memory_under_test>();
}
std::unique_ptr<journal_under_test> make_postgres_journal_under_test() {
  return std::make_unique<postgres_under_test>();
}
std::unique_ptr<journal_under_test> make_sqlite_journal_under_test() {
  return std::make_unique<sqlite_under_test>();
}

std::string empty_database() {
  static const std::string url = postgres_cluster::shared().new_database();
  postgres_cluster::run_sql(url, "DROP SCHEMA IF EXISTS event_relay CASCADE");
  return url;
}

batch_id new_batch_id() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  batch_id id{};
  for (auto& byte : id) byte = static_cast<std::byte>(random());
  return id;
}

append_receipt append(journal_connection& connection, const std::vector<new_event>& events, const batch_id& id) {
  std::vector<const new_event*> pointers;
  for (const auto& event : events) pointers.push_back(&event);
  return connection.append(id, pointers);
}

std::vector<read_event> read_page(journal_connection& connection, position_t after, page_limits limits) {
  std::vector<read_event> events;
  const auto count = connection.read_after(after, limits, [&](const event_view& event) {
    events.push_back({event.position, event.topic, std::string{event.type}, std::string{event.data}});
  });
  EXPECT_EQ(count, events.size());
  return events;
}

std::vector<read_event> read_all(journal_connection& connection, position_t after, page_limits limits) {
  std::vector<read_event> events;
  for (;;) {
    auto page = read_page(connection, events.empty() ? after : events.back().position, limits);
    if (page.empty()) return events;
    events.insert(events.end(), page.begin(), page.end());
  }
}

std::vector<position_t> positions(const append_receipt& receipt) {
  std::vector<position_t> list;
  for (const auto& event : receipt.events) list.push_back(event.position);
  return list;
}

std::vector<position_t> positions(const std::vector<read_event>& events) {
  std::vector<position_t> list;
  for (const auto& event : events) list.push_back(event.position);
  return list;
}

void JournalTest::SetUp() {
  under_test_ = GetParam()();
  the_journal().migrate();
  connection_ = another_connection();
  topic_ = connection_->register_topics(std::vector<std::string>{"reservations"}).front().id;
}

std::unique_ptr<journal_connection> JournalTest::another_connection() {
  auto made = the_journal().connect();
  made->open(std::nullopt);
  return made;
}

new_event JournalTest::event(std::string data, std::string type, std::string key) const {
  return {topic_, std::move(type), std::move(key), std::move(data)};
}

void JournalTest::publish(std::size_t count) {
  std::vector<new_event> events;
  for (std::size_t i = 1; i <= count; ++i) events.push_back(event(std::to_string(i)));
  append(connection(), events);
}

std::string journal_name(const testing::TestParamInfo<JournalTest::ParamType>& info) {
  if (info.param == &make_memory_journal_under_test) return "memory";
  return info.param == &make_postgres_journal_under_test ? "postgres" : "sqlite";
}

}  // namespace event_relay::test
