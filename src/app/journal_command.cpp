#include "event_relay/app/journal_command.hpp"

#include "app/verification_report.hpp"
#include "event_relay/core/connection_string.hpp"
#include "event_relay/journal/postgres_journal.hpp"
#include "event_relay/journal/verification.hpp"

#include <exception>
#include <istream>
#include <ostream>
#include <stdexcept>

namespace event_relay {
namespace {

void migrate(const config& configuration) {
  make_postgres_journal(configuration.journal.url, configuration.retention.partition_events)->migrate();
}

int verify(const journal_command& command, std::ostream& out) {
  const auto found = verify_journal(command.configuration.journal.url);
  out << (command.json ? json_report(found) : text_report(found)) << std::flush;
  return found.faults.empty() ? 0 : 1;
}

void open_epoch(const journal_command& command, std::ostream& out) {
  const auto opened = open_new_epoch(command.configuration.journal.url, command.reason);
  out << "epoch " << opened.epoch << " begins at position " << opened.first_position << std::endl;
}

void export_events(const journal_command& command, std::ostream& out, std::ostream& messages) {
  const auto events = export_journal(command.configuration.journal.url, command.range, out);
  messages << "event-relay: " << events << " events exported\n";
}

void import_events(const config& configuration, std::istream& in, std::ostream& messages) {
  if (configuration.journal.migrate) migrate(configuration);
  const auto done = import_journal(configuration.journal.url, configuration.retention.partition_events, in);
  messages << "event-relay: " << done.events << " events imported, epoch " << done.bounds.current_epoch()
           << " begins at position " << done.bounds.epochs.back().first_position << '\n';
}

int run(const journal_command& command, std::istream& in, std::ostream& out, std::ostream& messages) {
  if (sqlite_path(command.configuration.journal.url))
    throw std::invalid_argument("journal.url names a file; these commands need a journal in PostgreSQL");
  using kind = journal_command::kind;
  switch (command.what) {
    case kind::migrate: migrate(command.configuration); break;
    case kind::verify: return verify(command, out);
    case kind::new_epoch: open_epoch(command, out); break;
    case kind::export_events: export_events(command, out, messages); break;
    case kind::import_events: import_events(command.configuration, in, messages); break;
  }
  return 0;
}

}  // namespace

int run_journal_command(const journal_command& command, std::istream& in, std::ostream& out, std::ostream& messages) {
  try {
    return run(command, in, out, messages);
  } catch (const bad_range& why) {
    messages << "event-relay: " << why.what() << '\n';
  } catch (const bad_import& why) {
    messages << "event-relay: import: " << why.what() << "\nevent-relay: nothing was imported\n";
  } catch (const std::exception& why) {
    messages << "event-relay: " << why.what() << '\n';
  }
  return 1;
}

}  // namespace event_relay
