#include "event_relay/journal/postgres_journal.hpp"

#include "journal/postgres_connection.hpp"
#include "journal/schema.hpp"

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

}  // namespace

std::unique_ptr<journal> make_postgres_journal(std::string url, std::size_t partition_events) {
  return std::make_unique<postgres_journal>(std::move(url), partition_events);
}

}  // namespace event_relay
