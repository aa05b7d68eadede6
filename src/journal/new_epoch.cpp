#include "event_relay/journal/journal_transfer.hpp"
#include "journal/postgres_session.hpp"
#include "journal/schema.hpp"

namespace event_relay {

epoch_start open_new_epoch(const std::string& url, const std::string& reason) {
  postgres_session session{url};
  require_current_schema(session);
  epoch_start opened;
  session.in_transaction([&](pqxx::work& transaction) {
    const auto row = transaction.exec_params1("SELECT epoch, first_position FROM event_relay.new_epoch($1)", reason);
    opened = {row[0].as<epoch_t>(), row[1].as<position_t>()};
    transaction.commit();
  });
  return opened;
}

}  // namespace event_relay
