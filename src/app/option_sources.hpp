#pragma once

#include <string>
#include <vector>

namespace event_relay {

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

/// Variables whose name begins with EVENT_RELAY_; EVENT_RELAY_CONFIG too. A null pointer ends the array.
given_options read_environment(const char* const* environment);

given_options read_file(const std::string& path);

/// The text of --help.
std::string help_text();

}  // namespace event_relay
