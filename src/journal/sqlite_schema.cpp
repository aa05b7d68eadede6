#include "journal/sqlite_schema.hpp"

#include "journal/migrations.hpp"
#include "journal/sqlite_session.hpp"

namespace event_relay {
namespace {

constexpr int application_id = 0x45565231;  // "EVR1", where SQLite and file(1) look for the program that a file is of

int known_version() {
  return static_cast<int>(sqlite_migrations().size());
}

int first_number(sqlite_session& session, const char* sql) {
  auto rows = session.rows(sql);
  return rows.next() ? rows.number<int>(0) : 0;
}

/// 0: the file is empty.
int version_of(sqlite_session& session) {
  const int version = first_number(session, "PRAGMA user_version");
  const bool ours = first_number(session, "PRAGMA application_id") == application_id;
  if (!ours && (version != 0 || first_number(session, "SELECT count(*) FROM sqlite_schema") != 0))
    throw journal_refused(session.store().file.path() + ": is a database of another program");
  if (version > known_version())
    throw journal_refused("the journal's schema is of version " + std::to_string(version) +
                          ", this program knows versions up to " + std::to_string(known_version()));
  return version;
}

}  // namespace

void migrate_sqlite_schema(sqlite_session& session) {
  session.write([&] {
    for (int version = version_of(session) + 1; version <= known_version(); ++version) {
      session.execute(std::string{sqlite_migrations()[static_cast<std::size_t>(version - 1)].sql});
      session.execute("PRAGMA user_version = " + std::to_string(version));
      session.execute("PRAGMA application_id = " + std::to_string(application_id));
    }
    return known_version();
  });
}

void require_current_sqlite_schema(sqlite_session& session) {
  const auto version = session.read([&] { return version_of(session); });
  if (version == 0) throw journal_refused("the file has no journal (journal.migrate is off?)");
  if (version < known_version())
    throw journal_refused("the journal's schema is of version " + std::to_string(version) + ", this program needs " +
                          std::to_string(known_version()) + " (journal.migrate is off?)");
}

}  // namespace event_relay
