#pragma once

#include "event_relay/core/config.hpp"

#include <string>
#include <variant>
#include <vector>

namespace event_relay {

/// The program ends before it began: --help and --version with code 0, for standard output; wrong options with code 2,
/// every problem on a line of its own, for standard error.
struct early_exit {
  int code = 0;
  std::string text;
};

/// The configuration from, each stronger than the one before: defaults, the INI file (--config or EVENT_RELAY_CONFIG),
/// environment, command line. A list is taken from the strongest that gives it, not joined. A configuration that is
/// returned has passed validate(). Both arrays end with a null pointer, as those of main() do; arguments[0] is the
/// program's name.
std::variant<config, early_exit> read_options(const char* const* arguments, const char* const* environment);

/// Where a relay of these options listens, whatever else is missing in them. As read_options(), but for checks of the
/// configuration as a whole.
std::variant<http_config, early_exit> read_listener(const char* const* arguments, const char* const* environment);

/// An option as it is in effect, without passwords.
struct setting {
  std::string name;
  std::string value;
};

/// Every option in the order of the table, fit for the log.
std::vector<setting> effective_settings(const config& configuration);

/// The configuration as an INI file that read_options() takes, each option with its meaning. Holds passwords as they
/// are.
std::string to_ini(const config& configuration);

}  // namespace event_relay
