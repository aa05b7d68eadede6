#pragma once

#include <string>

namespace event_relay {

class postgres_session;

/// Runs the migrations that the database lacks, in one transaction. Several processes may do so at once.
/// Throws journal_refused when the schema is newer than the program.
void migrate_schema(const std::string& url);

/// Throws journal_refused unless the schema is of the version that the program was written for.
void require_current_schema(postgres_session& session);

}  // namespace event_relay
