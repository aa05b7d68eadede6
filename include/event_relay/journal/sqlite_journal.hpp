#pragma once

#include "event_relay/journal/journal.hpp"

#include <memory>
#include <string>

namespace event_relay {

/// A journal in one SQLite file, for one process: its connections share the file, and another process is kept out by a
/// lock that lasts as long as the object and its connections. The folder must exist; a fresh file can be read by its
/// owner alone. Has no outbox. Throws journal_refused, with a text that names journal.url, when the file cannot be
/// used.
std::unique_ptr<journal> make_sqlite_journal(const std::string& path);

}  // namespace event_relay
