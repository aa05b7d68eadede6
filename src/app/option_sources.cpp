#include "app/option_sources.hpp"

#include "app/option_table.hpp"
#include "event_relay/app/commands.hpp"
#include "event_relay/core/log_line.hpp"

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>

#include <algorithm>
#include <sstream>

namespace event_relay {
namespace {

namespace po = boost::program_options;

po::options_description describe_general() {
  po::options_description general{"General", 120, 60};
  general.add_options()("help,h", "show this and exit")("version", "show the version and exit")(
      "config", po::value<std::string>()->value_name("FILE"), "read options from this INI file, e.g. [http] port = 0");
  return general;
}

po::options_description describe_all() {
  return describe_general().add(describe_options());
}

// A connection string that lost its --journal.url must not bring its password onto the screen.
std::string start_of(const std::string& argument) {
  const auto end = argument.find_first_of(":=@ ");
  return log::quoted(argument.substr(0, end)) + (end == std::string::npos ? "" : "...");
}

void add_parsed(given_options& to, const po::option& parsed) {
  if (parsed.string_key.empty())
    to.problems.push_back("command line: unexpected argument " +
                          start_of(parsed.value.empty() ? parsed.original_tokens.front() : parsed.value.front()));
  else if (parsed.unregistered)
    to.problems.push_back(log::quoted(parsed.string_key) + " (command line): there is no such option");
  else
    to.add({parsed.string_key, parsed.value.empty() ? "" : parsed.value.front(), "command line"});
}

}  // namespace

const given_option* given_options::find(std::string_view name) const {
  const auto found = std::ranges::find(options, name, &given_option::name);
  return found == options.end() ? nullptr : &*found;
}

void given_options::add(given_option option) {
  const auto* row = find_option(option.name);
  if (row != nullptr) option.name = row->name;  // and not its alias
  const auto earlier = std::ranges::find(options, option.name, &given_option::name);
  if (earlier == options.end())
    options.push_back(std::move(option));
  else if (row != nullptr && row->repeatable)
    earlier->value.append(",").append(option.value);
  else
    problems.push_back(option.name + " (" + option.origin + "): is given twice");
}

std::vector<std::string> with_empty_values_apart(const std::vector<std::string>& arguments) {
  std::vector<std::string> apart;
  for (const auto& argument : arguments) {
    const bool empty_value =
        argument.starts_with("--") && argument.ends_with('=') && std::ranges::count(argument, '=') == 1;
    if (!empty_value) {
      apart.push_back(argument);
      continue;
    }
    apart.push_back(argument.substr(0, argument.size() - 1));
    apart.emplace_back();
  }
  return apart;
}

given_options read_command_line(const std::vector<std::string>& arguments) {
  using namespace po::command_line_style;
  given_options given;
  try {
    const auto description = describe_all();
    // Without guessing: a prefix that is unique today may not be so in the next version.
    const auto parsed = po::command_line_parser{with_empty_values_apart(arguments)}
                            .options(description)
                            .style(allow_long | long_allow_adjacent | long_allow_next | allow_short | short_allow_next |
                                   allow_dash_for_short)
                            .allow_unregistered()
                            .run();
    for (const auto& option : parsed.options) add_parsed(given, option);
  } catch (const po::error& wrong) {
    given.problems.push_back(std::string{"command line: "} + wrong.what());
  }
  return given;
}

given_options read_environment(const char* const* environment) {
  given_options given;
  const auto config_name = environment_name("config");
  for (; *environment != nullptr; ++environment) {
    const std::string_view entry{*environment};
    if (!entry.starts_with(environment_prefix)) continue;
    const auto name = entry.substr(0, entry.find('='));
    if (std::ranges::find(client_variables, name) != client_variables.end()) continue;
    const std::string value{entry.substr(std::min(name.size() + 1, entry.size()))};
    const auto origin = "environment variable " + log::quoted(name);
    const auto rows = option_rows();
    const auto row = std::ranges::find_if(rows, [&](const auto& each) {
      return name == environment_name(each.name) || (!each.alias.empty() && name == environment_name(each.alias));
    });
    if (name == config_name)
      given.add({"config", value, origin});
    else if (row == rows.end())
      given.problems.push_back(origin + ": there is no such option");
    else
      given.add({std::string{row->name}, value, origin});
  }
  return given;
}

std::string help_text() {
  std::ostringstream text;
  text
      << "event-relay: takes events by POST, keeps them in a file or in PostgreSQL and streams them as Server-Sent Events.\n\n"
         "Usage: event-relay --journal=sqlite:PATH [OPTION]...                      one relay, no database server\n"
         "       event-relay --journal=postgresql://USER@HOST/DATABASE [OPTION]...  several relays, outbox\n"
         "       event-relay COMMAND [OPTION]...   see COMMAND --help\n\n"
      << "Commands:\n" << list_of_commands()
      << "\nEvery option can be given as --http.port=8080, as environment variable EVENT_RELAY_HTTP_PORT=8080, or in an\n"
         "INI file under [http] as port = 8080; the first that is given of these counts. Defaults are in brackets.\n"
         "DURATION: a number with ms, s, m or h. SIZE: bytes, or a number with KiB, MiB or GiB. LIST: separated by\n"
         "commas; the option may be repeated.\n\n"
      << describe_all();
  return text.str();
}

}  // namespace event_relay
