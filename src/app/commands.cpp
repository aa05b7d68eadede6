#include "event_relay/app/commands.hpp"

#include "app/client_commands.hpp"
#include "event_relay/app/application.hpp"
#include "event_relay/app/journal_command.hpp"
#include "event_relay/app/options.hpp"
#include "event_relay/core/log_line.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <string_view>
#include <vector>

namespace event_relay {
namespace {

int leave(const early_exit& exit) {
  (exit.code == 0 ? std::cout : std::cerr) << exit.text;
  return exit.code;
}

/// `arguments[0]` may be the name of the program or of the command: it is not looked at.
int serve(const char* const* arguments, const char* const* environment) {
  auto options = read_options(arguments, environment);
  if (const auto* exit = std::get_if<early_exit>(&options)) return leave(*exit);
  return application(std::move(std::get<config>(options))).run();
}

int look_after_journal(const char* const* arguments, const char* const* environment) {
  const auto command = read_journal_command(arguments, environment);
  if (const auto* exit = std::get_if<early_exit>(&command)) return leave(*exit);
  std::ios::sync_with_stdio(false);  // or std::cin reads byte by byte
  return run_journal_command(std::get<journal_command>(command), std::cin, std::cout, std::cerr);
}

/// A command of the client: of its words, and the environment.
template <auto Command>
int as_client(const char* const* arguments, const char* const* environment) {
  std::vector<std::string> words;
  for (auto word = arguments + 1; *word != nullptr; ++word) words.emplace_back(*word);
  const auto done = Command(words, environment);
  if (const auto* exit = std::get_if<early_exit>(&done)) return leave(*exit);
  return std::get<int>(done);
}

struct command_row {
  std::string_view name;
  std::string_view summary;
  /// `arguments` begins with the command's name.
  int (*run)(const char* const* arguments, const char* const* environment);
};

constexpr std::array commands{
    command_row{"serve", "runs the relay; what is done without a command", serve},
    command_row{"publish", "publishes an event, or lines of them, exactly once", as_client<publish_events>},
    command_row{"tail", "prints events as they come, and misses none", as_client<tail_events>},
    command_row{"check", "looks whether a relay works through the proxies in front of it", as_client<check_relay>},
    command_row{"healthcheck", "asks a relay whether it is ready; for containers and scripts", as_client<healthcheck>},
    command_row{"journal", "verifies, exports, imports or migrates a journal", look_after_journal},
};

int refuse(std::string_view name) {
  // A connection string in the wrong place may hold a password.
  return leave({2, "event-relay: there is no command " + log::quoted(name.substr(0, name.find_first_of(":=@ "))) +
                       "; there are\n" + list_of_commands()});
}

}  // namespace

std::string list_of_commands() {
  std::string text;
  for (const auto& command : commands)
    text.append("  ").append(command.name).append(13 - command.name.size(), ' ').append(command.summary).append("\n");
  return text;
}

int run_command(const char* const* arguments, const char* const* environment) {
  const std::string_view name = arguments[0] == nullptr || arguments[1] == nullptr ? "" : arguments[1];
  if (name.empty() || name.starts_with('-')) return serve(arguments, environment);
  const auto* command = std::ranges::find(commands, name, &command_row::name);
  return command == commands.end() ? refuse(name) : command->run(arguments + 1, environment);
}

}  // namespace event_relay
