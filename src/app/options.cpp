#include "event_relay/app/options.hpp"

#include "app/option_sources.hpp"
#include "app/option_table.hpp"
#include "event_relay/app/version.hpp"
#include "event_relay/core/log_line.hpp"

#include <algorithm>
#include <iterator>

namespace event_relay {
namespace {

void overlay(given_options& weaker, given_options stronger) {
  std::ranges::move(stronger.problems, std::back_inserter(weaker.problems));
  for (auto& option : stronger.options) {
    std::erase_if(weaker.options, [&](const auto& below) { return below.name == option.name; });
    weaker.options.push_back(std::move(option));
  }
}

given_options read_sources(given_options command_line, const char* const* environment) {
  auto variables = read_environment(environment);
  const auto* file = command_line.find("config");
  if (file == nullptr) file = variables.find("config");
  auto given = file != nullptr ? read_file(file->value) : given_options{};
  overlay(given, std::move(variables));
  overlay(given, std::move(command_line));
  return given;
}

config apply(given_options& given) {
  config configuration;
  for (const auto& [name, value, origin] : given.options) {
    const auto* row = find_option(name);
    if (row == nullptr || row->read(configuration, value)) continue;
    given.problems.push_back(name + " (" + origin + "): must be " + std::string{row->allowed} +
                             (row->without_secret ? "" : ", is " + log::quoted(value)));
  }
  return configuration;
}

void check(given_options& given, const config& configuration) {
  for (const auto& [key, text] : validate(configuration)) {
    const auto* source = given.find(key);
    given.problems.push_back(key + " (" + (source != nullptr ? source->origin : "not given") + "): " + text);
  }
}

early_exit refuse(const std::vector<std::string>& problems) {
  std::string text;
  for (const auto& problem : problems) text.append("event-relay: ").append(problem).append("\n");
  return {2, text.append("event-relay: --help lists the options\n")};
}

// Wrapped so that the example file reads well in a terminal of 100 columns.
void append_comment(std::string& out, std::string_view text) {
  constexpr std::size_t width = 98;
  while (text.size() > width) {
    const auto space = text.rfind(' ', width);
    out.append("# ").append(text.substr(0, space)).append("\n");
    text.remove_prefix(space + 1);
  }
  out.append("# ").append(text).append("\n");
}

/// What is given, with what is wrong in it, and what it amounts to.
struct read_configuration {
  given_options given;
  config configuration;
};

std::variant<read_configuration, early_exit> read_all(const char* const* arguments, const char* const* environment) {
  std::vector<std::string> words;
  for (auto word = arguments; *word != nullptr; ++word)
    if (word != arguments) words.emplace_back(*word);
  auto command_line = read_command_line(words);
  if (command_line.find("help") != nullptr) return early_exit{0, help_text()};
  if (command_line.find("version") != nullptr) return early_exit{0, "event-relay " + std::string{version} + "\n"};

  read_configuration read{read_sources(std::move(command_line), environment), {}};
  read.configuration = apply(read.given);
  return read;
}

}  // namespace

std::variant<config, early_exit> read_options(const char* const* arguments, const char* const* environment) {
  auto read = read_all(arguments, environment);
  if (auto* exit = std::get_if<early_exit>(&read)) return std::move(*exit);
  auto& [given, configuration] = std::get<read_configuration>(read);
  check(given, configuration);
  if (!given.problems.empty()) return refuse(given.problems);
  return std::move(configuration);
}

std::variant<http_config, early_exit> read_listener(const char* const* arguments, const char* const* environment) {
  auto read = read_all(arguments, environment);
  if (auto* exit = std::get_if<early_exit>(&read)) return std::move(*exit);
  auto& [given, configuration] = std::get<read_configuration>(read);
  if (!given.problems.empty()) return refuse(given.problems);
  return std::move(configuration.http);
}

std::vector<setting> effective_settings(const config& configuration) {
  std::vector<setting> settings;
  for (const auto& row : option_rows()) {
    auto value = row.write(configuration);
    settings.push_back({std::string{row.name}, row.without_secret ? row.without_secret(value) : std::move(value)});
  }
  return settings;
}

std::string to_ini(const config& configuration) {
  std::string out =
      "# Options of event-relay, for event-relay --config FILE. Each can also be given on the command line\n"
      "# (--http.port=8080) and in the environment (EVENT_RELAY_HTTP_PORT=8080), and counts before this file there.\n"
      "#\n"
      "# DURATION: a number with ms, s, m or h. SIZE: bytes, or a number with KiB, MiB or GiB.\n"
      "# LIST: separated by commas. A # begins a comment anywhere: write %23 in place of it in a URL.\n";
  std::string_view room;
  for (const auto& row : option_rows()) {
    if (const auto next = room_of(row); next != room) out.append("\n[").append(room = next).append("]\n");
    out += '\n';
    append_comment(out, std::string{row.help}.append(" (").append(row.unit).append(")"));
    out.append(row.name.substr(room.empty() ? 0 : room.size() + 1)).append(" =");
    if (const auto value = row.write(configuration); !value.empty()) out.append(" ").append(value);
    out += '\n';
  }
  return out;
}

}  // namespace event_relay
