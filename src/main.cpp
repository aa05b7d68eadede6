#include "event_relay/app/application.hpp"
#include "event_relay/app/options.hpp"

#include <exception>
#include <iostream>
#include <unistd.h>
#include <variant>

int main(int, char** arguments) try {
  auto options = event_relay::read_options(arguments, environ);
  if (const auto* exit = std::get_if<event_relay::early_exit>(&options)) {
    (exit->code == 0 ? std::cout : std::cerr) << exit->text;
    return exit->code;
  }
  return event_relay::application(std::move(std::get<event_relay::config>(options))).run();
} catch (const std::exception& why) {
  std::cerr << "event-relay: " << why.what() << '\n';
  return 1;
}
