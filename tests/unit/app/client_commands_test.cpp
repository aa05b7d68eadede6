#include "app/client_commands.hpp"

#include "read_options.hpp"

namespace event_relay {
namespace {

using namespace testing_options;

using client_command = client_outcome (*)(const words&, const char* const*);

early_exit ended(client_command command, const words& given, const words& environment = {}) {
  const auto outcome = command(given, null_terminated(environment).data());
  return std::holds_alternative<early_exit>(outcome) ? std::get<early_exit>(outcome) : early_exit{-1, "was understood"};
}

void expect_refused(client_command command, const words& given, const std::string& part,
                    const words& environment = {}) {
  const auto exit = ended(command, given, environment);
  EXPECT_EQ(exit.code, 2);
  expect_contains(exit.text, part);
}

TEST(ClientCommands, HelpTellsEveryOption) {
  expect_contains(ended(publish_events, {"--help"}).text, "--content-type TYPE");
  expect_contains(ended(tail_events, {"-h"}).text, "--consumer NAME");
  expect_contains(ended(check_relay, {"--help"}).text, "--origin ORIGIN");
  expect_contains(ended(healthcheck, {"--help"}).text, "--live");
  for (const auto command : {publish_events, tail_events, check_relay}) {
    EXPECT_EQ(ended(command, {"--help"}).code, 0);
    expect_contains(ended(command, {"--help"}).text, "every user of a machine can");
  }
}

TEST(ClientCommands, MistakesOfPublish) {
  expect_refused(publish_events, {}, "publish: the topic is missing\n");
  expect_refused(publish_events, {"a b"}, "a topic is 1 to 128 letters");
  expect_refused(publish_events, {"loans", "{}"}, "data is given by --data");
  expect_refused(publish_events, {"loans", "--data=1", "--file=x"}, "one of them");
  expect_refused(publish_events, {"loans", "--file=/does/not/exist"}, "cannot read the file /does/not/exist");
  expect_refused(publish_events, {"loans", "--data"}, "data");
  expect_refused(publish_events, {"loans", "--bogus"}, "bogus");
  expect_refused(publish_events, {"loans", "--timeout=5"}, "timeout must be a duration");
  expect_refused(publish_events, {"loans", "--key=a\nb"}, "key must be");
  expect_refused(publish_events, {"loans", "--type=a", "--type=b"}, "type is given twice");
}

TEST(ClientCommands, MistakesOfTail) {
  expect_refused(tail_events, {"loans"}, "a topic is given by --topic");
  expect_refused(tail_events, {"--limit=0"}, "limit must be a number from 1 on");
  expect_refused(tail_events, {"--format=xml"}, "format must be lines, data, sse or cloudevents, is xml");
  expect_refused(tail_events, {"--from=latest", "--since=today"}, "from and since exclude each other");
  expect_refused(tail_events, {"--consumer=a/b"}, "consumer must be");
}

TEST(ClientCommands, MistakesOfWhereTheRelayIs) {
  expect_refused(tail_events, {"--url=localhost:8080"}, "url must be as http://127.0.0.1:8080");
  expect_refused(tail_events, {}, "EVENT_RELAY_URL must be as", {"EVENT_RELAY_URL=somewhere"});
  expect_refused(tail_events, {"--token=a b"}, "token must be visible characters");
  expect_refused(tail_events, {}, "EVENT_RELAY_TOKEN must be", {"EVENT_RELAY_TOKEN=a\tb"});
  expect_refused(check_relay, {"http://a", "http://b"}, "check: one URL");
}

// 2 is a code that Docker keeps for itself.
TEST(ClientCommands, MistakesOfHealthcheckAreUnhealthy) {
  const auto is_unhealthy = [](const words& given, const std::string& part, const words& environment = {}) {
    const auto exit = ended(healthcheck, given, environment);
    EXPECT_EQ(exit.code, 1);
    expect_contains(exit.text, part);
  };
  is_unhealthy({"--http.prot=1"}, "http.prot (command line): there is no such option");
  is_unhealthy({}, "http.port (environment variable EVENT_RELAY_HTTP_PORT): must be", {"EVENT_RELAY_HTTP_PORT=x"});
  is_unhealthy({"--http.port=0"}, "http.port is 0");
  is_unhealthy({"http://host:1", "--http.port=1"}, "not both");
  is_unhealthy({"http://"}, "not the URL of a relay");
}

TEST(ClientCommands, ARelayPassesOverTheirVariables) {
  accepted({}, {"EVENT_RELAY_URL=http://host", "EVENT_RELAY_TOKEN=a", "EVENT_RELAY_PUBLISH_TOKEN=b"});
  expect_contains(refusal({}, {"EVENT_RELAY_URLS=http://host"}), "EVENT_RELAY_URLS: there is no such option");
}

}  // namespace
}  // namespace event_relay
