#include "event_relay/journal/journal.hpp"
#include "journal/postgres_errors.hpp"

#include <gtest/gtest.h>
#include <pqxx/except>

namespace event_relay::test {
namespace {

struct open_connection {
  bool is_open() const { return true; }
};

void raise(const char* state) {
  with_journal_errors(open_connection{}, [&] { throw pqxx::sql_error("what went wrong", "SELECT 1", state); });
}

// A server that crashes between two statements: libpq fails to send the next one, reports that without a SQLSTATE, and
// calls the connection good until it reads its end. Taken for a refusal, a batch that may be stored would be given up.
TEST(Errors, ThatTheServerDidNotSendMeanALostConnection) {
  EXPECT_THROW(raise(nullptr), journal_unavailable);
  EXPECT_THROW(raise(""), journal_unavailable);
}

TEST(Errors, OfAServerThatIsGoingAwayMeanALostConnection) {
  for (const auto* state : {"08006", "57P01", "57P02", "57P03", "53300", "25006"})
    EXPECT_THROW(raise(state), journal_unavailable) << state;
}

TEST(Errors, OfAStatementAreRefusals) {
  for (const auto* state : {"22021", "23514", "42501", "55P03", "57014"}) EXPECT_THROW(raise(state), journal_refused) << state;
  EXPECT_THROW(raise("53100"), journal_full);
}

TEST(Errors, OfAKindThatLibpqxxKnowsAreTheServersEvenWithoutAState) {
  EXPECT_THROW(with_journal_errors(open_connection{}, [] { throw pqxx::insufficient_privilege("permission denied"); }),
               journal_refused);
}

TEST(Errors, OfAnEpochThatIsOverAreToldApart) {
  EXPECT_THROW(raise(stale_epoch_state), stale_epoch);
}

}  // namespace
}  // namespace event_relay::test
