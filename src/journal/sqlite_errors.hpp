#pragma once

#include <string>

namespace SQLite {
class Exception;
}

namespace event_relay {

/// Throws the journal's exception for SQLite's; its text names the file. journal_unavailable for what failed between
/// program and disk, as such a commit may or may not be in the file; journal_refused for all else, which SQLite has
/// rolled back.
[[noreturn]] void throw_as_journal_error(const SQLite::Exception& error, const std::string& path);

}  // namespace event_relay
