#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace event_relay {

/// Variables of the commands that talk to a relay. A relay passes over them: where it runs, they may be set too.
inline constexpr std::array<std::string_view, 3> client_variables{"EVENT_RELAY_URL", "EVENT_RELAY_TOKEN",
                                                                  "EVENT_RELAY_PUBLISH_TOKEN"};

/// An option as a person wrote it somewhere.
struct given_option {
  std::string name;
  std::string value;
  std::string origin;  ///< "command line", "environment variable NAME", "FILE line 3"
};

/// What one source says. Options appear once each; the values of a list are joined by commas.
struct given_options {
  std::vector<given_option> options;
  std::vector<std::string> problems;

  /// The option of this name, null when it is not given.
  const given_option* find(std::string_view name) const;
  /// Adds it, or says why not.
  void add(given_option option);
};

/// Also --help, --version and --config, under these names. Neither array has the program's name.
given_options read_command_line(const std::vector<std::string>& arguments);

/// Variables whose name begins with EVENT_RELAY_, but for the client's; EVENT_RELAY_CONFIG too. A null pointer ends the array.
given_options read_environment(const char* const* environment);

given_options read_file(const std::string& path);

/// Boost refuses an empty value in --name= but takes it from the next argument; an empty list is worth saying.
std::vector<std::string> with_empty_values_apart(const std::vector<std::string>& arguments);

/// The text of --help.
std::string help_text();

}  // namespace event_relay
