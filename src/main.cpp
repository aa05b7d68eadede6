#include "event_relay/app/application.hpp"
#include "event_relay/app/journal_command.hpp"
#include "event_relay/app/options.hpp"

#include <exception>
#include <iostream>
#include <unistd.h>
#include <variant>

namespace {

int leave(const event_relay::early_exit& exit) {
  (exit.code == 0 ? std::cout : std::cerr) << exit.text;
  return exit.code;
}

int run_command(char** arguments) {
  const auto command = event_relay::read_journal_command(arguments, environ);
  if (const auto* exit = std::get_if<event_relay::early_exit>(&command)) return leave(*exit);
  std::ios::sync_with_stdio(false);  // or std::cin reads byte by byte
  return event_relay::run_journal_command(std::get<event_relay::journal_command>(command), std::cin, std::cout, std::cerr);
}

}  // namespace

int main(int, char** arguments) try {
  if (event_relay::is_journal_command(arguments)) return run_command(arguments);
  auto options = event_relay::read_options(arguments, environ);
  if (const auto* exit = std::get_if<event_relay::early_exit>(&options)) return leave(*exit);
  return event_relay::application(std::move(std::get<event_relay::config>(options))).run();
} catch (const std::exception& why) {
  std::cerr << "event-relay: " << why.what() << '\n';
  return 1;
}
