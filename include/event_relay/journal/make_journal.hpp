#pragma once

#include "event_relay/journal/journal.hpp"

#include <memory>
#include <string>

namespace event_relay {

/// The journal that the url names: `sqlite:PATH` a file, everything else a PostgreSQL database. Does not connect yet,
/// but throws journal_refused when the file cannot be used or belongs to another process. `partition_events` is for
/// PostgreSQL, see make_postgres_journal().
std::unique_ptr<journal> make_journal(const std::string& url, std::size_t partition_events);

}  // namespace event_relay
