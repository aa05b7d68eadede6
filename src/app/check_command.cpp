#include "app/client_command_line.hpp"
#include "app/client_commands.hpp"
#include "event_relay/client/check.hpp"

#include <iostream>

namespace event_relay {
namespace {

client_command_line check_words() {
  client_command_line line{"check",
                           "Usage: event-relay check [URL] [OPTION]...\n\n"
                           "Looks whether a relay can be used through whatever stands in front of it: publishes, "
                           "streams, resumes, holds an\n"
                           "idle stream, and says line by line what works (PASS), what does not (FAIL) and what to "
                           "change then. Publishes a\n"
                           "few small events of the type check. Exit code 0: nothing failed, 1: something did.\n"};
  line.option("topic", "TOPIC", "publish to this topic, else to the first one that the relay has")
      .option("idle", "DURATION", "hold an idle stream for so long; 65s, which is longer than most proxies wait")
      .flag("quick", "do not hold an idle stream")
      .option("origin", "ORIGIN", "whether web pages of this origin may use the relay, e.g. https://app.example")
      .option("publish-token", "TOKEN",
              "for publishing, if --token may only read; better as EVENT_RELAY_PUBLISH_TOKEN");
  return line;
}

client::check_options check_options_of(const given_words& given, const char* const* environment) {
  auto relay = relay_of(given, environment);
  auto publish_token = given.text("publish-token");
  if (publish_token.empty()) publish_token = variable(environment, "EVENT_RELAY_PUBLISH_TOKEN");
  client::check_options options{std::move(relay)};
  options.has_token = options.relay.has_token();
  if (!publish_token.empty()) {
    options.publisher = options.relay;
    options.publisher->set_token(good_token(publish_token, "publish-token"));
  }
  if (given.has("topic")) options.topic = good_topic(given.text("topic"));
  options.origin = given.text("origin");
  options.idle = std::chrono::ceil<std::chrono::seconds>(given.duration("idle", options.idle));
  if (given.has("quick")) options.idle = {};
  return options;
}

/// The relay may be named without --url.
given_words with_url(given_words given) {
  const auto nameless = given.without_name();
  if (nameless.size() > 1 || (!nameless.empty() && given.has("url"))) throw wrong_command_line("one URL");
  if (!nameless.empty()) given.set("url", nameless.front());
  return given;
}

}  // namespace

client_outcome check_relay(const std::vector<std::string>& given, const char* const* environment) {
  return run_with(check_words(), given, [&](const given_words& read) {
    return run_check(check_options_of(with_url(read), environment), std::cout, std::cerr);
  });
}

}  // namespace event_relay
