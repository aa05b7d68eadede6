#include "journal/sqlite_errors.hpp"

#include "event_relay/journal/journal.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace event_relay {
namespace {

constexpr int primary_code = 0xff;  // the rest of an extended code says more of the same

const char* advice_for(int code) {
  switch (code) {
    case SQLITE_FULL: return "; make room on its disk";
    case SQLITE_CORRUPT: return "; put back a backup copy";
    case SQLITE_NOTADB: return "; journal.url names a file of another kind";
    case SQLITE_BUSY: return "; another program keeps it locked";
    default: return "";
  }
}

}  // namespace

void throw_as_journal_error(const SQLite::Exception& error, const std::string& path) {
  const int code = error.getErrorCode() & primary_code;
  const auto text =
      path + ": " + error.what() + " (SQLite " + std::to_string(error.getExtendedErrorCode()) + ")" + advice_for(code);
  if (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) throw journal_unavailable(text);
  if (code == SQLITE_FULL) throw journal_full(text);
  throw journal_refused(text);
}

}  // namespace event_relay
