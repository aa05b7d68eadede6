#pragma once

#include "event_relay/journal/journal.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace event_relay::test {

/// A journal of any kind, with what only its storage can do.
class journal_under_test {
 public:
  virtual ~journal_under_test() = default;
  virtual journal& get() = 0;
  virtual void remove_up_to(position_t position) = 0;
  virtual void set_back_to(position_t head) = 0;
  virtual void begin_new_epoch(position_t first_position) = 0;
  virtual void cut_connections() = 0;
};

/// What a journal under test is too if it has an outbox.
class outbox_under_test {
 public:
  virtual ~outbox_under_test() = default;
  /// As a service's committed transaction does.
  virtual void put_into_outbox(const std::string& topic, const std::string& type, const std::string& data,
                               const std::string& key) = 0;
  /// As `data: reason`, in the order of their deaths.
  virtual std::vector<std::string> dead_letters() = 0;
};

std::unique_ptr<journal_under_test> make_memory_journal_under_test();
std::unique_ptr<journal_under_test> make_postgres_journal_under_test();
std::unique_ptr<journal_under_test> make_sqlite_journal_under_test();

/// Connection string of a database without a journal: always the same one, as dropping the schema is several times as
/// fast as making a database.
std::string empty_database();

struct read_event {
  position_t position = 0;
  topic_id topic{};
  std::string type;
  std::string data;

  friend bool operator==(const read_event&, const read_event&) = default;
};

batch_id new_batch_id();

append_receipt append(journal_connection& connection, const std::vector<new_event>& events,
                      const batch_id& id = new_batch_id());

/// One page.
std::vector<read_event> read_page(journal_connection& connection, position_t after, page_limits limits = {});

/// Page by page to the end.
std::vector<read_event> read_all(journal_connection& connection, position_t after = 0, page_limits limits = {});

std::vector<position_t> positions(const append_receipt& receipt);
std::vector<position_t> positions(const std::vector<read_event>& events);

/// Migrated, connected and opened, with one topic.
class JournalTest : public testing::TestWithParam<std::unique_ptr<journal_under_test> (*)()> {
 protected:
  void SetUp() override;

  journal& the_journal() { return under_test_->get(); }
  journal_connection& connection() { return *connection_; }
  std::unique_ptr<journal_connection> another_connection();
  new_event event(std::string data, std::string type = {}, std::string key = {}) const;
  void publish(std::size_t count);

  std::unique_ptr<journal_under_test> under_test_;
  std::unique_ptr<journal_connection> connection_;
  topic_id topic_{};
};

std::string journal_name(const testing::TestParamInfo<JournalTest::ParamType>& info);

/// For each file of tests that every kind of journal has to pass.
#define EVENT_RELAY_FOR_EVERY_JOURNAL(suite)                                                               \
  INSTANTIATE_TEST_SUITE_P(, suite,                                                                        \
                           testing::Values(&make_memory_journal_under_test, &make_postgres_journal_under_test, \
                                           &make_sqlite_journal_under_test),                               \
                           journal_name)

/// The same for those that promise an outbox; their journals under test are outbox_under_test too.
#define EVENT_RELAY_FOR_EVERY_OUTBOX(suite) \
  INSTANTIATE_TEST_SUITE_P(                 \
      , suite, testing::Values(&make_memory_journal_under_test, &make_postgres_journal_under_test), journal_name)

}  // namespace event_relay::test
