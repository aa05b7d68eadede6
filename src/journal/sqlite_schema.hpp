#pragma once

namespace event_relay {

class sqlite_session;

/// Runs the migrations that the file lacks, in one transaction. Throws journal_refused when the file is newer than the
/// program or belongs to another one.
void migrate_sqlite_schema(sqlite_session& session);

/// Throws journal_refused unless the file is of the version that the program was written for.
void require_current_sqlite_schema(sqlite_session& session);

}  // namespace event_relay
