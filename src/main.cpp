#include "event_relay/app/commands.hpp"

#include <unistd.h>
#include <exception>
#include <iostream>

int main(int, char** arguments) try {
  return event_relay::run_command(arguments, environ);
} catch (const std::exception& why) {
  std::cerr << "event-relay: " << why.what() << '\n';
  return 1;
}
