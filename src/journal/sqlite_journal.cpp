#include "event_relay/journal/sqlite_journal.hpp"

#include "journal/sqlite_connection.hpp"
#include "journal/sqlite_schema.hpp"

namespace event_relay {
namespace {

class sqlite_journal final : public journal {
 public:
  explicit sqlite_journal(const std::string& path) : store_{std::make_shared<sqlite_store>(path)} {}

  void migrate() override {
    sqlite_session session{store_};
    migrate_sqlite_schema(session);
  }
  std::unique_ptr<journal_connection> connect() override { return std::make_unique<sqlite_connection>(store_); }
  bool has_outbox() const noexcept override { return false; }

 private:
  const std::shared_ptr<sqlite_store> store_;
};

}  // namespace

std::unique_ptr<journal> make_sqlite_journal(const std::string& path) {
  return std::make_unique<sqlite_journal>(path);
}

}  // namespace event_relay
