#include "event_relay/core/connection_string.hpp"

#include <gtest/gtest.h>

namespace event_relay {
namespace {

TEST(ConnectionString, KeepsWhatIsNoSecret) {
  for (const auto* text : {"", "postgresql:///relay", "postgresql://relay@db.example:5432/relay?sslmode=require",
                           "postgres://[::1]:5432/relay", "host=/run/postgresql dbname=relay user=relay",
                           "application_name='event relay'", "sqlite:/var/lib/event relay/journal.db"})
    EXPECT_EQ(without_secrets(text), text);
}

TEST(ConnectionString, OfAFileHasAPath) {
  EXPECT_EQ(sqlite_path("sqlite:/var/lib/journal.db"), "/var/lib/journal.db");
  EXPECT_EQ(sqlite_path("sqlite:journal.db"), "journal.db");
  EXPECT_EQ(sqlite_path("sqlite:"), "");
  EXPECT_FALSE(sqlite_path("postgresql:///relay"));
  EXPECT_FALSE(sqlite_path("host=sqlite:"));
}

TEST(ConnectionString, HidesPasswordsOfUrls) {
  EXPECT_EQ(without_secrets("postgresql://relay:geheim@db/relay"), "postgresql://relay:***@db/relay");
  EXPECT_EQ(without_secrets("postgres://relay:geheim@db,db2/relay?a=b"), "postgres://relay:***@db,db2/relay?a=b");
  EXPECT_EQ(without_secrets("postgresql://db/relay?user=relay&password=geheim"),
            "postgresql://db/relay?user=relay&password=***");
  EXPECT_EQ(without_secrets("postgresql://db/relay?sslpassword=geheim&sslmode=require"),
            "postgresql://db/relay?sslpassword=***&sslmode=require");
}

TEST(ConnectionString, HidesPasswordsOfWords) {
  EXPECT_EQ(without_secrets("host=db password=geheim user=relay"), "host=db password=*** user=relay");
  EXPECT_EQ(without_secrets("password = 'geh eim' host = db"), "password=*** host=db");
  EXPECT_EQ(without_secrets(R"(password='geh\'eim x' host=db)"), "password=*** host=db");
  EXPECT_EQ(without_secrets(R"(password=geh\ eim host=db)"), "password=*** host=db");
  EXPECT_EQ(without_secrets("host=db password=geheim"), "host=db password=***");
  EXPECT_EQ(without_secrets("dbname=postgresql://relay:geheim@db/relay"), "dbname=***");
}

TEST(ConnectionString, ShowsNothingOfASecretWhateverItsForm) {
  for (const auto* text :
       {"postgresql://relay:ge@heim@db/relay", "postgresql://relay:ge/heim@db/relay", "postgresql://relay:ge?heim@db/r",
        "postgresql://relay:geheim@db/r?application_name=a@b", "postgresql://db/r?pass%77ord=geheim",
        "postgresql://db/r?password=geheim?heim&a=b@c", "Postgres://relay:geheim@db/relay?a=b", "relay:geheim@db",
        "password='geheim", "host=db password geheim", "geheim", "= geheim", "password geheim=1", "a b=geheim"}) {
    EXPECT_EQ(without_secrets(text).find("heim"), std::string::npos) << without_secrets(text);
  }
}

}  // namespace
}  // namespace event_relay
