#include "journal/postgres_connection.hpp"
#include "journal/statements.hpp"

namespace event_relay {
namespace {

timestamp time_of(const pqxx::field& micros) {
  return timestamp{std::chrono::microseconds{micros.as<std::int64_t>()}};
}

consumer to_consumer(const pqxx::row& row) {
  return {row[0].as<std::string>(), {row[1].as<epoch_t>(), row[2].as<position_t>()}, row[3].as<std::uint64_t>(),
          time_of(row[4]), time_of(row[5])};
}

std::optional<consumer> to_only_consumer(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return to_consumer(rows[0]);
}

}  // namespace

std::vector<consumer> postgres_connection::consumers() {
  std::vector<consumer> all;
  for (const auto& row : session_.run(statements::consumers)) all.push_back(to_consumer(row));
  return all;
}

consumer postgres_connection::claim_consumer(const std::string& name, event_id first) {
  return to_consumer(session_.run(statements::claim_consumer, name, first.epoch, first.position)[0]);
}

std::optional<consumer> postgres_connection::acknowledge(const std::string& name, event_id to) {
  return to_only_consumer(session_.run(statements::acknowledge, name, to.epoch, to.position));
}

std::optional<consumer> postgres_connection::reset_consumer(const std::string& name, event_id to) {
  return to_only_consumer(session_.run(statements::reset_consumer, name, to.epoch, to.position));
}

bool postgres_connection::remove_consumer(const std::string& name) {
  return session_.run(statements::remove_consumer, name)[0][0].as<bool>();
}

}  // namespace event_relay
