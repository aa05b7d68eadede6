#include "app/client_command_line.hpp"
#include "app/client_commands.hpp"
#include "event_relay/client/tail.hpp"
#include "event_relay/core/event.hpp"
#include "event_relay/core/log_line.hpp"
#include "event_relay/core/units.hpp"

#include <array>
#include <iostream>
#include <utility>

namespace event_relay {
namespace {

client_command_line tail_words() {
  client_command_line line{
      "tail",
      "Usage: event-relay tail [OPTION]...\n\n"
      "Prints events as they come, one a line. A connection that is lost is made again, and the next event is the one\n"
      "after the last: none is missing and none comes twice. If the relay cannot have all of them any more it says so\n"
      "(relay.reset, on standard error). Ends with the limit, with Ctrl-C, SIGTERM, or when nobody reads what it "
      "prints.\n"};
  line.option("topic", "LIST", "only these topics")
      .option("type", "LIST", "only events of these types")
      .option("from", "WHERE", "earliest, latest (what is published from now on) or the id of an event: those after it")
      .option("since", "TIME", "those stored since this time, e.g. 2026-11-27T09:00:00Z")
      .option("limit", "N", "end after so many events")
      .option("consumer", "NAME",
              "go on after what this consumer has acknowledged, and acknowledge what was printed; --from counts the"
              " first time only")
      .option("format", "FORMAT",
              "lines: JSON with id, topic, type, time and data (if none is given); data: what was published; sse:"
              " Server-Sent Events; cloudevents: CloudEvents, one a line")
      .option("patience", "DURATION", "a stream that is silent for so long is given up; 45s, three heartbeats");
  return line;
}

client::event_format format_of(const std::string& text) {
  using client::event_format;
  static constexpr std::array formats{std::pair{std::string_view{"lines"}, event_format::lines},
                                      std::pair{std::string_view{"data"}, event_format::data},
                                      std::pair{std::string_view{"sse"}, event_format::sse},
                                      std::pair{std::string_view{"cloudevents"}, event_format::cloud_events}};
  for (const auto& [name, format] : formats)
    if (text == name) return format;
  if (text.empty()) return event_format::lines;
  throw wrong_command_line("format must be lines, data, sse or cloudevents, is " + log::quoted(text));
}

client::tail_options tail_options_of(const given_words& given, const char* const* environment) {
  client::tail_options options{relay_of(given, environment)};
  if (!given.without_name().empty())
    throw wrong_command_line("unexpected " + log::quoted(given.without_name().front()) +
                             "; a topic is given by --topic");
  auto& wishes = options.wishes;
  wishes.topics = given.list("topic");
  for (const auto& topic : wishes.topics) good_topic(topic);
  wishes.types = given.list("type");
  wishes.from = given.text("from");
  wishes.since = given.text("since");
  wishes.consumer = given.text("consumer");
  wishes.format = format_of(given.text("format"));
  if (given.has("limit")) {
    wishes.limit = parse_count(given.text("limit"));
    if (!wishes.limit || *wishes.limit == 0) throw wrong_command_line("limit must be a number from 1 on");
  }
  if (!wishes.from.empty() && !wishes.since.empty()) throw wrong_command_line("from and since exclude each other");
  if (!wishes.consumer.empty() && !check_topic_name(wishes.consumer))
    throw wrong_command_line("consumer must be 1 to 128 letters, digits and . _ : -, is " +
                             log::quoted(wishes.consumer));
  options.patience = given.duration("patience", options.patience);
  return options;
}

}  // namespace

client_outcome tail_events(const std::vector<std::string>& given, const char* const* environment) {
  return run_with(tail_words(), given,
                  [&](const given_words& read) { return run_tail(tail_options_of(read, environment), std::cerr); });
}

}  // namespace event_relay
