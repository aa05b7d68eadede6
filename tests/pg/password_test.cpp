#include "event_relay/journal/postgres_journal.hpp"
#include "support/postgres_cluster.hpp"

#include <gmock/gmock.h>

#include <string>

namespace event_relay::test {
namespace {

std::string reason_for_not_connecting(const std::string& url) {
  try {
    make_postgres_journal(url)->connect();
  } catch (const journal_unavailable& error) {
    return error.what();
  }
  ADD_FAILURE() << "connected to " << url;
  return {};
}

class PasswordOf : public testing::TestWithParam<std::string> {};

TEST_P(PasswordOf, TheUrlIsNeverShown) {
  const auto reason = reason_for_not_connecting(GetParam());
  EXPECT_FALSE(reason.empty());
  for (const std::string piece : {"geheim", "Geheim", "wort"})
    EXPECT_THAT(reason, testing::Not(testing::HasSubstr(piece))) << GetParam();
}

// Port 1 refuses connections; the folder does not exist; the rest is what people get wrong.
INSTANTIATE_TEST_SUITE_P(
    , PasswordOf,
    testing::Values("postgresql://user:geheim-wort@127.0.0.1:1/db", "postgresql://user:geheim/wort@127.0.0.1:1/db",
                    "postgresql://user:1/geheim@127.0.0.1:1/db", "postgresql://user:geheim%2@127.0.0.1:1/db",
                    "postgresql://user:geheim?wort@127.0.0.1:1/db", "postgresql://geheim-wort@127.0.0.1:1/geheim?wort",
                    "postgresql://user@127.0.0.1:1/db?password=geheim-wort&geheim",
                    "host=127.0.0.1 port=1 password=geheim-wort", "host=127.0.0.1 port=1 password = 'geheim wort'",
                    "host=127.0.0.1 port=1 password=geheim wort", "host=127.0.0.1 port=geheim password='geheim wort",
                    "host=/geheim/nowhere password=geheim", "host=/%67eheim password=geheim", "geheim",
                    "host=1 wort=x"));

TEST(ReasonForNotConnecting, NamesTheServer) {
  EXPECT_THAT(reason_for_not_connecting("postgresql://user:pw@127.0.0.1:1/db"),
              testing::AllOf(testing::HasSubstr("127.0.0.1"), testing::HasSubstr("refused")));
}

TEST(ReasonForNotConnecting, NamesTheDatabaseThatDoesNotExist) {
  const auto url = "host=" + postgres_cluster::shared().folder().string() + " user=postgres dbname=nowhere";
  EXPECT_THAT(reason_for_not_connecting(url), testing::HasSubstr("database \"nowhere\" does not exist"));
}

}  // namespace
}  // namespace event_relay::test
