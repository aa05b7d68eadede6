#pragma once

#include <string>

namespace event_relay {

/// The program. Its first argument names a command; without one it serves. Both arrays end with a null pointer, as
/// those of main() do. Returns the exit code.
int run_command(const char* const* arguments, const char* const* environment);

/// A line for each command, for --help.
std::string list_of_commands();

}  // namespace event_relay
