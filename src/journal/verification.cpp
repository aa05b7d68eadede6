#include "event_relay/journal/verification.hpp"

#include "journal/postgres_session.hpp"
#include "journal/schema.hpp"

#include <algorithm>

namespace event_relay {
namespace {

constexpr position_t piece = 10'000;  // events of one statement; part of how the checksum is made

journal_bounds read_extent(pqxx::transaction_base& transaction) {
  const auto row = transaction.exec1("SELECT floor, head FROM event_relay.extent");
  return {{}, row[0].as<position_t>(), row[1].as<position_t>()};
}

void read_epochs(pqxx::transaction_base& transaction, verification& found) {
  for (const auto& row : transaction.exec(R"(
         SELECT epoch, first_position, reason,
                to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
           FROM event_relay.epoch ORDER BY epoch)")) {
    const epoch_start start{row[0].as<epoch_t>(), row[1].as<position_t>()};
    found.bounds.epochs.push_back(start);
    found.epochs.push_back({start, row[2].as<std::string>(), row[3].as<std::string>()});
  }
}

void read_partitions(pqxx::transaction_base& transaction, verification& found) {
  for (const auto& row :
       transaction.exec("SELECT first_position, last_position, attached FROM event_relay.partition_in_use ORDER BY 1"))
    found.partitions.push_back({row[0].as<position_t>(), row[1].as<position_t>(), row[2].as<bool>()});
}

void count_topics(pqxx::transaction_base& transaction, position_t after, position_t until, verification& found) {
  for (const auto& row : transaction.exec_params(R"(
         SELECT t.name, c.events
           FROM (SELECT topic_id, count(*) AS events FROM event_relay.journal
                  WHERE position > $1 AND position <= $2 GROUP BY topic_id) c
           JOIN event_relay.topic t ON t.id = c.topic_id)",
                                                 after, until))
    found.topics[row[0].as<std::string>()] += row[1].as<std::uint64_t>();
}

/// The first position of a piece that no event has.
position_t first_missing(pqxx::transaction_base& transaction, position_t after, position_t until) {
  return transaction
      .exec_params1(R"(
           SELECT min(p.position) FROM generate_series($1::bigint + 1, $2::bigint) AS p (position)
            WHERE NOT EXISTS (SELECT FROM event_relay.journal j WHERE j.position = p.position))",
                    after, until)[0]
      .as<position_t>();
}

/// What is carried from one piece to the next, as PostgreSQL writes it.
struct progress {
  std::string checksum = "\\x";
  std::string newest = "-infinity";
};

void check_piece(pqxx::transaction_base& transaction, position_t after, position_t until, progress& so_far,
                 verification& found) {
  const auto row = transaction.exec_params1("SELECT * FROM event_relay.check_events($1, $2, $3, $4)", after, until,
                                            so_far.checksum, so_far.newest);
  const auto events = row[0].as<std::uint64_t>();
  if (events != until - after)
    found.faults.push_back(std::to_string(until - after - events) + " events are missing between " +
                           std::to_string(after + 1) + " and " + std::to_string(until) + ", the first is " +
                           std::to_string(first_missing(transaction, after, until)));
  if (const auto without = row[1].as<std::uint64_t>(); without > 0)
    found.faults.push_back(std::to_string(without) + " events between " + std::to_string(after + 1) + " and " +
                           std::to_string(until) + " have a topic that does not exist");
  found.events += events;
  found.older += row[2].as<std::uint64_t>();
  if (found.first_older == 0 && !row[3].is_null()) found.first_older = row[3].as<position_t>();
  so_far = {row[5].as<std::string>(), row[4].as<std::string>()};
  count_topics(transaction, after, until, found);
}

void check_events(pqxx::transaction_base& transaction, verification& found) {
  progress so_far;
  const auto [epochs, floor, head] = found.bounds;
  for (auto after = floor; after < head; after += piece)
    check_piece(transaction, after, std::min(after + piece, head), so_far, found);
  found.checksum = so_far.checksum.substr(2);
  if (found.checksum.empty()) found.checksum = std::string(64, '0');
  const auto beyond =
      transaction.exec_params1("SELECT min(position) FROM event_relay.journal WHERE position > $1", head);
  if (!beyond[0].is_null())
    found.faults.push_back("event " + beyond[0].as<std::string>() + " lies beyond the newest batch, which ends at " +
                           std::to_string(head));
}

}  // namespace

verification verify_journal(const std::string& url) {
  postgres_session session{url};
  require_current_schema(session);
  verification found;
  session.in_snapshot([&](pqxx::transaction_base& transaction) {
    found.bounds = read_extent(transaction);
    read_epochs(transaction, found);
    read_partitions(transaction, found);
    found.faults = faults_of_epochs(found.bounds);
    for (auto& fault : faults_of_partitions(found.partitions, found.bounds)) found.faults.push_back(std::move(fault));
    check_events(transaction, found);
  });
  return found;
}

}  // namespace event_relay
