#include "event_relay/journal/make_journal.hpp"

#include "event_relay/core/connection_string.hpp"
#include "event_relay/journal/postgres_journal.hpp"
#include "event_relay/journal/sqlite_journal.hpp"

namespace event_relay {

std::unique_ptr<journal> make_journal(const std::string& url, std::size_t partition_events) {
  if (const auto path = sqlite_path(url)) return make_sqlite_journal(std::string{*path});
  return make_postgres_journal(url, partition_events);
}

}  // namespace event_relay
