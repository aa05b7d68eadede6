#include "event_relay/journal/postgres_journal.hpp"

#include "journal/postgres_connection.hpp"
#include "journal/schema.hpp"

#include <utility>

namespace event_relay {
namespace {

class postgres_journal final : public journal {
 public:
  explicit postgres_journal(std::string url) : url_{std::move(url)} {}

  void migrate() override { migrate_schema(url_); }
  std::unique_ptr<journal_connection> connect() override { return std::make_unique<postgres_connection>(url_); }

 private:
  const std::string url_;
};

}  // namespace

std::unique_ptr<journal> make_postgres_journal(std::string url) {
  return std::make_unique<postgres_journal>(std::move(url));
}

}  // namespace event_relay
