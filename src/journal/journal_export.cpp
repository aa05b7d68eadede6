#include "event_relay/journal/journal_transfer.hpp"

#include "journal/postgres_session.hpp"
#include "journal/schema.hpp"

#include <algorithm>
#include <ostream>

namespace event_relay {
namespace {

constexpr position_t events_at_once = 1'000;
constexpr std::int64_t bytes_at_once = 1024 * 1024;

struct bounded_range {
  position_t floor, head, after, until;
};

bounded_range resolve(pqxx::transaction_base& transaction, const export_range& wanted) {
  const auto row = transaction.exec1("SELECT floor, head FROM event_relay.extent");
  const auto floor = row[0].as<position_t>();
  const auto head = row[1].as<position_t>();
  const bounded_range range{floor, head, wanted.after.value_or(floor), wanted.until.value_or(head)};
  const auto has = "; the journal has those after " + std::to_string(floor) + " up to " + std::to_string(head);
  if (range.after < floor)
    throw bad_range("after: the events after " + std::to_string(range.after) + " are gone" + has);
  if (range.after > head) throw bad_range("after: there is no event " + std::to_string(range.after) + has);
  if (range.until > head) throw bad_range("until-position: there is no event " + std::to_string(range.until) + has);
  if (range.until < range.after) throw bad_range("until-position: must not be less than after");
  return range;
}

/// jsonb, which has no line breaks; a text for what is too large for a JSON parser that has nothing but double.
std::string header(pqxx::transaction_base& transaction, const bounded_range& range) {
  return transaction
      .exec_params1(R"(
        SELECT jsonb_build_object(
                 'event_relay_journal', 1, 'after', $1::bigint, 'until', $2::bigint, 'floor', $3::bigint,
                 'head', $4::bigint,
                 'epochs', (SELECT jsonb_agg(jsonb_build_object(
                                     'epoch', e.epoch, 'first_position', e.first_position,
                                     'system_identifier', e.system_identifier::text, 'timeline', e.timeline,
                                     'reason', e.reason, 'started_at',
                                     to_char(e.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
                                   ORDER BY e.epoch)
                              FROM event_relay.epoch e WHERE e.first_position <= $2 + 1)))",
                    range.after, range.until, range.floor, range.head)[0]
      .as<std::string>();
}

void write(std::ostream& to, std::string_view line) {
  if (!(to << line << '\n')) throw std::runtime_error("the export cannot be written; is the disk full?");
}

std::uint64_t write_events(pqxx::transaction_base& transaction, const bounded_range& range, std::ostream& to) {
  auto after = range.after;
  while (after < range.until) {
    const auto rows = transaction.exec_params("SELECT at, line FROM event_relay.export_events($1, $2, $3)", after,
                                              std::min(after + events_at_once, range.until), bytes_at_once);
    for (const auto& row : rows) {
      if (row[0].as<position_t>() != ++after)
        throw journal_refused("event " + std::to_string(after) + " is missing; event-relay journal verify tells more");
      write(to, {row[1].c_str(), row[1].size()});
    }
    if (rows.empty())
      throw journal_refused("event " + std::to_string(after + 1) +
                            " is missing; event-relay journal verify tells more");
  }
  return after - range.after;
}

}  // namespace

std::uint64_t export_journal(const std::string& url, const export_range& wanted, std::ostream& to) {
  postgres_session session{url};
  require_current_schema(session);
  std::uint64_t events = 0;
  session.in_snapshot([&](pqxx::transaction_base& transaction) {
    const auto range = resolve(transaction, wanted);
    write(to, header(transaction, range));
    events = write_events(transaction, range, to);
    if (!to.flush()) throw std::runtime_error("the export cannot be written; is the disk full?");
  });
  return events;
}

}  // namespace event_relay
