#include "read_options.hpp"

#include "event_relay/app/version.hpp"

#include <algorithm>

namespace event_relay {
namespace {

using namespace std::chrono_literals;
using namespace testing_options;

TEST(Options, NothingGivenMeansTheDefaults) {
  auto expected = config{};
  expected.journal.url = "postgresql:///relay";
  EXPECT_EQ(accepted({}), expected);
}

TEST(Options, TheJournalMustBeNamed) {
  const auto result = read({});
  ASSERT_TRUE(std::holds_alternative<early_exit>(result));
  EXPECT_EQ(std::get<early_exit>(result).code, 2);
  expect_contains(std::get<early_exit>(result).text, "event-relay: journal.url (not given): must be set");
}

TEST(Options, CommandLineTakesBothSpellings) {
  const auto c = accepted({"--http.port=0", "--stream.heartbeat", "250ms", "--stream.on_gap=live", "--log.format=json",
                           "--journal.migrate=false", "--publish.max_event_bytes=64KiB"});
  EXPECT_EQ(c.http.port, 0);
  EXPECT_EQ(c.stream.heartbeat, 250ms);
  EXPECT_EQ(c.stream.on_gap, gap_policy::live);
  EXPECT_EQ(c.log.format, log_format::json);
  EXPECT_FALSE(c.journal.migrate);
  EXPECT_EQ(c.publish.max_event_bytes, 65'536U);
}

TEST(Options, ListsGrowByCommasAndRepetition) {
  EXPECT_EQ(accepted({"--topics=a,b", "--topics", "c"}).topics, (words{"a", "b", "c"}));
  EXPECT_EQ(accepted({}, {"EVENT_RELAY_TOPICS=a, b"}).topics, (words{"a", "b"}));
  EXPECT_EQ(accepted({"--http.cors_origins=*"}).http.cors_origins, words{"*"});
  EXPECT_TRUE(accepted({"--http.cors_origins="}, {"EVENT_RELAY_HTTP_CORS_ORIGINS=*"}).http.cors_origins.empty());
  expect_contains(refusal({"--topics=a,,b"}), "topics (command line): must be a comma separated list");
}

TEST(Options, EnvironmentNamesFollowTheOptions) {
  const auto c = accepted({}, {"EVENT_RELAY_HTTP_MAX_HEADER_BYTES=32KiB", "EVENT_RELAY_THREADS=3", "PATH=/bin"});
  EXPECT_EQ(c.http.max_header_bytes, 32'768U);
  EXPECT_EQ(c.threads, 3U);
  EXPECT_EQ(accepted({}, {"EVENT_RELAY_JOURNAL_REPLAY_URL=host=db2"}).journal.replay_url, "host=db2");
}

TEST(Options, TheJournalHasAShorterName) {
  EXPECT_EQ(accepted({"--journal", "sqlite:events.db"}).journal.url, "sqlite:events.db");
  EXPECT_EQ(accepted({"--journal=sqlite:events.db"}).journal.url, "sqlite:events.db");
  const auto by_environment = read({}, {"EVENT_RELAY_JOURNAL=sqlite:events.db"});
  ASSERT_TRUE(std::holds_alternative<config>(by_environment));
  EXPECT_EQ(std::get<config>(by_environment).journal.url, "sqlite:events.db");
  expect_contains(refusal({}, {"EVENT_RELAY_JOURNAL=sqlite:events.db"}), "is given twice\n");
  expect_contains(refusal({"--journal=a", "--journal.url=b"}), "journal.url (command line): is given twice\n");
  expect_contains(std::get<early_exit>(read({"--help"})).text, "--journal URL");
}

TEST(Options, TokensAreShownNowhere) {
  const auto c = accepted({}, {"EVENT_RELAY_ACCESS_READ_TOKENS=geheim0123456789,geheim9876543210"});
  EXPECT_EQ(c.access.read_tokens, (words{"geheim0123456789", "geheim9876543210"}));
  for (const auto& [name, value] : effective_settings(c)) {
    EXPECT_EQ(value.find("geheim"), std::string::npos) << name;
    if (name == "access.read_tokens") {
      EXPECT_EQ(value, "***");
    } else if (name == "access.publish_tokens") {
      EXPECT_EQ(value, "");
    }
  }
  EXPECT_EQ(refusal({"--access.read_tokens=geheim"}).find("geheim"), std::string::npos);
  EXPECT_EQ(refusal({"--access.read_tokens=geheim,,geheim"}).find("geheim"), std::string::npos);
}

TEST(Options, WhatNeedsPostgresIsRefusedWithAFile) {
  expect_contains(refusal({"--journal=sqlite:events.db", "--outbox.enabled=true"}),
                  "outbox.enabled (command line): needs a journal in PostgreSQL; journal.url names a file\n");
  EXPECT_EQ(accepted({"--journal=sqlite:events.db"}).outbox.enabled, outbox_use::automatic);
  EXPECT_EQ(accepted({"--outbox.enabled=true"}).outbox.enabled, outbox_use::always);
}

TEST(Options, UnknownOnesAreRefusedByName) {
  expect_contains(refusal({"--http.prot=1"}), "http.prot (command line): there is no such option\n");
  expect_contains(refusal({"--http.por=1"}), "http.por (command line): there is no such option\n");
  expect_contains(refusal({}, {"EVENT_RELAY_HTTP_PROT=1"}),
                  "environment variable EVENT_RELAY_HTTP_PROT: there is no such option\n");
  expect_contains(refusal({}, {"EVENT_RELAY_HELP=1"}), "EVENT_RELAY_HELP: there is no such option\n");
  expect_contains(refusal({"serve"}), "unexpected argument serve\n");
  expect_contains(refusal({"-p"}), "-p (command line): there is no such option\n");
}

TEST(Options, EveryProblemIsToldAtOnce) {
  const auto text =
      refusal({"--http.port=70000", "--stream.heartbeat=2m", "--nonsense"}, {"EVENT_RELAY_LOG_LEVEL=loud"});
  expect_contains(text, "http.port (command line): must be a number from 0 to 65535, is 70000\n");
  expect_contains(text, "stream.heartbeat (command line): must be between 20ms and 44s, is 2m\n");
  expect_contains(text, "log.level (environment variable EVENT_RELAY_LOG_LEVEL): must be trace, debug, info");
  expect_contains(text, "nonsense (command line): there is no such option\n");
}

TEST(Options, SayWhatIsAllowed) {
  expect_contains(refusal({"--stream.retry=15"}), "must be a whole number with ms, s, m or h, e.g. 15s, is 15\n");
  expect_contains(refusal({"--stream.tail_bytes=64MB"}), "KiB, MiB or GiB, e.g. 64MiB, is 64MB\n");
  expect_contains(refusal({"--stream.on_gap=skip"}), "must be earliest, live or fail, is skip\n");
  expect_contains(refusal({"--journal.migrate=maybe"}), "must be true or false, is maybe\n");
  expect_contains(refusal({"--journal.idempotency_window=1500ms"}), "must be a whole number with s, m or h");
  expect_contains(refusal({"--threads=-1"}), "threads");
  expect_contains(refusal({"--http.port"}), "--http.port");
  expect_contains(refusal({"--http.port=1", "--http.port=2"}), "http.port (command line): is given twice\n");
}

TEST(Options, ErrorsHideSecretsAndEscapeTheRest) {
  EXPECT_EQ(refusal({"postgresql://relay:geheim@db/relay"}).find("heim"), std::string::npos);
  EXPECT_EQ(refusal({"password=geheim"}).find("heim"), std::string::npos);
  EXPECT_EQ(refusal({"--journal.ulr=postgresql://relay:geheim@db/relay"}).find("heim"), std::string::npos);
  EXPECT_EQ(refusal({"--journal.ulr", "postgresql://relay:geheim@db/relay"}).find("heim"), std::string::npos);
  EXPECT_EQ(refusal({"--http.port=\x1b[2J", "--a\x1b[2J", "\x1b[2J"}).find('\x1b'), std::string::npos);
}

TEST(Options, HelpAndVersionAreAnsweredBeforeAnythingElse) {
  const auto help = std::get<early_exit>(read({"--help", "--nonsense"}));
  EXPECT_EQ(help.code, 0);
  const auto shown = std::get<early_exit>(read({"--version"}, {"EVENT_RELAY_NONSENSE=1"}));
  EXPECT_EQ(shown.code, 0);
  EXPECT_EQ(shown.text, "event-relay " + std::string{version} + "\n");
}

TEST(Options, HelpShowsEveryOptionWithItsUnitAndDefault) {
  const auto help = std::get<early_exit>(read({"--help"})).text;
  for (const auto& [name, value] : effective_settings(config{})) expect_contains(help, "--" + name + " ");
  expect_contains(help, "--stream.heartbeat DURATION (=15s)");
  expect_contains(help, "--stream.tail_bytes SIZE (=64MiB)");
  expect_contains(help, "--http.port PORT (=8080)");
  expect_contains(help, "--topics LIST (=reservations)");
  expect_contains(help, "--config FILE");
  expect_contains(help, "Options of shutdown:");
}

TEST(Options, EffectiveSettingsHideThePassword) {
  config c;
  c.journal.url = "postgresql://relay:geheim@db/relay";
  c.journal.replay_url = "host=db2 password=geheim";
  c.topics = {"a", "b"};
  words lines;
  for (const auto& [name, value] : effective_settings(c)) lines.push_back(name + "=" + value);
  EXPECT_EQ(lines.front(), "topics=a,b");
  EXPECT_NE(std::ranges::find(lines, "journal.url=postgresql://relay:***@db/relay"), lines.end());
  EXPECT_NE(std::ranges::find(lines, "journal.replay_url=host=db2 password=***"), lines.end());
  EXPECT_NE(std::ranges::find(lines, "http.max_header_bytes=16KiB"), lines.end());
}

}  // namespace
}  // namespace event_relay
