#include "event_relay/app/journal_command.hpp"

#include "read_options.hpp"

namespace event_relay {
namespace {

using namespace testing_options;
using kind = journal_command::kind;

std::variant<journal_command, early_exit> read_command(words arguments) {
  arguments.insert(arguments.begin(), "journal");
  const words environment{"EVENT_RELAY_JOURNAL_URL=postgresql:///relay"};
  return read_journal_command(null_terminated(arguments).data(), null_terminated(environment).data());
}

journal_command understood(const words& arguments) {
  const auto result = read_command(arguments);
  if (const auto* refused = std::get_if<early_exit>(&result)) ADD_FAILURE() << refused->text;
  return std::holds_alternative<journal_command>(result) ? std::get<journal_command>(result) : journal_command{};
}

early_exit ended(const words& arguments) {
  const auto result = read_command(arguments);
  return std::holds_alternative<early_exit>(result) ? std::get<early_exit>(result) : early_exit{-1, "was understood"};
}

TEST(JournalCommand, TakesItsOwnOptionsAndTheRelays) {
  const auto exported = understood({"export", "--after", "5", "--http.port=9", "--until-position=7"});
  EXPECT_EQ(exported.what, kind::export_events);
  EXPECT_EQ(exported.range.after, 5U);
  EXPECT_EQ(exported.range.until, 7U);
  EXPECT_EQ(exported.configuration.http.port, 9);
  EXPECT_EQ(exported.configuration.journal.url, "postgresql:///relay");
  EXPECT_TRUE(understood({"verify", "--json"}).json);
  EXPECT_EQ(understood({"new-epoch"}).reason, "by hand");
  EXPECT_EQ(understood({"new-epoch", "--reason", "a backup"}).reason, "a backup");
  EXPECT_EQ(understood({"import"}).what, kind::import_events);
  EXPECT_EQ(understood({"migrate"}).what, kind::migrate);
}

TEST(JournalCommand, HelpIsAboutTheCommand) {
  EXPECT_EQ(ended({"--help"}).code, 0);
  const auto help = ended({"export", "--nonsense", "--help"});
  EXPECT_EQ(help.code, 0);
  expect_contains(help.text, "Usage: event-relay journal export [--after=POSITION] [--until-position=POSITION]");
}

TEST(JournalCommand, MistakesAreNamed) {
  EXPECT_EQ(ended({}).code, 2);
  expect_contains(ended({"verfy"}).text, "journal: there is no command verfy\n");
  expect_contains(ended({"export", "--after=-1"}).text, "after (command line): must be the position of an event");
  expect_contains(ended({"export", "--after"}).text, "after (command line): has no value");
  expect_contains(ended({"verify", "--json=1"}).text, "json (command line): takes no value");
  expect_contains(ended({"verify", "--reason=x"}).text, "reason (command line): there is no such option");
  expect_contains(ended({"new-epoch", "--reason="}).text, "reason (command line): must not be empty");
  expect_contains(ended({"verify", "more"}).text, "command line: unexpected argument more");
}

TEST(JournalCommand, AWrongPlaceForAPasswordDoesNotShowIt) {
  EXPECT_EQ(ended({"postgresql://relay:geheim@db/relay"}).text.find("geheim"), std::string::npos);
  EXPECT_EQ(ended({"verify", "postgresql://relay:geheim@db/relay"}).text.find("geheim"), std::string::npos);
}

}  // namespace
}  // namespace event_relay
