#include "journal/schema.hpp"

#include "event_relay/journal/journal.hpp"
#include "journal/migrations.hpp"
#include "journal/postgres_session.hpp"

namespace event_relay {
namespace {

int known_version() {
  return static_cast<int>(migrations().size());
}

int version_of(pqxx::work& transaction) {
  if (!transaction.exec1("SELECT to_regclass('event_relay.schema_version') IS NOT NULL")[0].as<bool>()) return 0;
  return transaction.exec1("SELECT coalesce(max(version), 0) FROM event_relay.schema_version")[0].as<int>();
}

void require_known_version(int version) {
  if (version > known_version())
    throw journal_refused("the journal's schema is of version " + std::to_string(version) +
                          ", this program knows versions up to " + std::to_string(known_version()));
}

void run_missing(pqxx::work& transaction) {
  // Whoever comes second waits here and then finds nothing to do. The number is the text "evtrelay".
  transaction.exec0("SET LOCAL statement_timeout = '10min'; SET LOCAL lock_timeout = '1min'");
  transaction.exec1("SELECT pg_advisory_xact_lock(7311159079759274361)");
  const int found = version_of(transaction);
  require_known_version(found);
  for (int version = found + 1; version <= known_version(); ++version) {
    const auto& step = migrations()[static_cast<std::size_t>(version - 1)];
    transaction.exec0(std::string{step.sql});
    transaction.exec_params0("INSERT INTO event_relay.schema_version (version, description) VALUES ($1, $2)", version,
                             std::string{step.description});
  }
  if (found < known_version()) transaction.commit();
}

}  // namespace

void migrate_schema(const std::string& url) {
  postgres_session{url}.in_transaction(run_missing);
}

void require_current_schema(postgres_session& session) {
  int version = 0;
  session.in_transaction([&](pqxx::work& transaction) { version = version_of(transaction); });
  require_known_version(version);
  if (version == 0) throw journal_refused("the database has no journal (journal.migrate is off?)");
  if (version < known_version())
    throw journal_refused("the journal's schema is of version " + std::to_string(version) + ", this program needs " +
                          std::to_string(known_version()) + " (journal.migrate is off?)");
}

}  // namespace event_relay
