#include "app/client_command_line.hpp"
#include "app/client_commands.hpp"
#include "event_relay/client/publish.hpp"
#include "event_relay/core/event.hpp"
#include "event_relay/core/log_line.hpp"

#include <unistd.h>
#include <fstream>
#include <iostream>
#include <sstream>

namespace event_relay {
namespace {

client_command_line publish_words() {
  client_command_line line{"publish",
                           "Usage: event-relay publish TOPIC [-|--data TEXT|--file PATH] [OPTION]...\n\n"
                           "Publishes an event: the data that is given, or standard input, without the line end at its "
                           "end. Prints the relay's\n"
                           "answer, which comes when the event is stored. After a lost connection, and when the relay "
                           "is busy or not ready, it\n"
                           "is tried again under the same Idempotency-Key, so that the event is stored once. Exit code "
                           "1: it was refused, or\n"
                           "there was no answer in time.\n"};
  line.option("type", "TYPE", "the event's type")
      .option("key", "KEY", "Idempotency-Key; the same one again is not stored twice. A random one if none is given")
      .option("data", "TEXT", "the event's data")
      .option("file", "PATH", "the data is in this file")
      .option("content-type", "TYPE",
              "application/json if none is given; text/plain, application/cloudevents+json, ...")
      .flag("batch",
            "each line is an event of JSON; all lines are stored or none. More than 10 000 lines or 16 MiB are sent in"
            " several requests, the next ones under KEY-2, KEY-3, ...")
      .option("timeout", "DURATION", "give up after this, 60s if none is given");
  return line;
}

client::publish_options publish_options_of(const given_words& given, const char* const* environment) {
  client::publish_options options{relay_of(given, environment), {}};
  const auto nameless = given.without_name();
  if (nameless.empty()) throw wrong_command_line("the topic is missing");
  if (nameless.size() > 2 || (nameless.size() == 2 && nameless[1] != "-"))
    throw wrong_command_line("one topic, and no more than - for standard input; data is given by --data");
  options.topic = good_topic(nameless[0]);
  options.type = given.text("type");
  options.key = given.text("key");
  if (!options.key.empty() && !check_idempotency_key(options.key))
    throw wrong_command_line("key must be 1 to 255 bytes without control characters");
  options.content_type = given.text("content-type");
  options.batch = given.has("batch");
  options.timeout = given.duration("timeout", options.timeout);
  return options;
}

int publish_from_file(const client::publish_options& options, const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw wrong_command_line("cannot read the file " + log::quoted(path));
  return run_publish(options, file, std::cout, std::cerr);
}

int publish(const given_words& given, const char* const* environment) {
  const auto options = publish_options_of(given, environment);
  if (given.has("data") + given.has("file") + (given.without_name().size() > 1) > 1)
    throw wrong_command_line("data comes from --data, --file or standard input, one of them");
  if (given.has("file")) return publish_from_file(options, given.text("file"));
  if (given.has("data")) {
    std::istringstream data{given.text("data")};
    return run_publish(options, data, std::cout, std::cerr);
  }
  if (isatty(STDIN_FILENO) != 0) std::cerr << "event-relay: publish: reading from the terminal; Ctrl-D ends it\n";
  std::ios::sync_with_stdio(false);  // or std::cin reads byte by byte
  return run_publish(options, std::cin, std::cout, std::cerr);
}

}  // namespace

client_outcome publish_events(const std::vector<std::string>& given, const char* const* environment) {
  return run_with(publish_words(), given, [&](const given_words& read) { return publish(read, environment); });
}

}  // namespace event_relay
