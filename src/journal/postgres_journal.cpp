#include "event_relay/journal/postgres_journal.hpp"

#include "journal/postgres_connection.hpp"
#include "journal/schema.hpp"

#include <libpq-fe.h>

#include <memory>
#include <utility>

namespace event_relay {
namespace {

class postgres_journal final : public journal {
 public:
  postgres_journal(std::string url, std::size_t partition_events)
      : url_{std::move(url)}, partition_events_{partition_events} {}

  void migrate() override { migrate_schema(url_); }
  std::unique_ptr<journal_connection> connect() override {
    return std::make_unique<postgres_connection>(url_, partition_events_);
  }
  bool has_outbox() const noexcept override { return true; }

 private:
  const std::string url_;
  const std::size_t partition_events_;
};

class postgres_standby final : public journal {
 public:
  explicit postgres_standby(std::string url) : url_{std::move(url)} {}

  void migrate() override { throw journal_refused("a standby is not written to"); }
  std::unique_ptr<journal_connection> connect() override {
    return std::make_unique<postgres_connection>(url_, 0, server_role::standby);
  }
  bool has_outbox() const noexcept override { return false; }

 private:
  const std::string url_;
};

}  // namespace

std::unique_ptr<journal> make_postgres_journal(std::string url, std::size_t partition_events) {
  return std::make_unique<postgres_journal>(std::move(url), partition_events);
}

std::unique_ptr<journal> make_postgres_standby(std::string url) {
  return std::make_unique<postgres_standby>(std::move(url));
}

bool is_connection_string(const std::string& url) {
  // libpqxx would connect to find out. What libpq says about the mistake may quote a password.
  const std::unique_ptr<PQconninfoOption, decltype(&::PQconninfoFree)> parsed{::PQconninfoParse(url.c_str(), nullptr),
                                                                              &::PQconninfoFree};
  return parsed != nullptr;
}

}  // namespace event_relay
