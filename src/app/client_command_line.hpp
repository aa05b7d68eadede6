#pragma once

#include "event_relay/app/options.hpp"
#include "event_relay/client/relay_address.hpp"

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace event_relay {

/// Wrong words after a command: said to the user, with exit code 2.
class wrong_command_line : public std::runtime_error {
 public:
  using runtime_error::runtime_error;
};

/// What was given to a command, by the names of its options.
class given_words {
 public:
  explicit given_words(boost::program_options::variables_map values) : values_(std::move(values)) {}

  bool has(const char* name) const { return values_.count(name) > 0; }
  /// Empty: not given.
  std::string text(const char* name) const;
  /// Of an option that may be repeated or be a list with commas.
  std::vector<std::string> list(const char* name) const;
  /// Of the default if not given.
  std::chrono::milliseconds duration(const char* name, std::chrono::milliseconds usual) const;
  std::vector<std::string> without_name() const;
  void set(const char* name, const std::string& value);

 private:
  boost::program_options::variables_map values_;
};

/// The words that a command of the client understands.
class client_command_line {
 public:
  /// `usage` is what --help says before the options.
  client_command_line(std::string_view name, std::string_view usage) : name_(name), usage_(usage) {}

  client_command_line& flag(const char* name, const char* help);
  client_command_line& option(const char* name, const char* unit, const std::string& help);

  /// Beside its own options each command has --url, --token and --help. Throws wrong_command_line.
  std::variant<given_words, early_exit> read(const std::vector<std::string>& words);

  early_exit refuse(const wrong_command_line& why) const;

 private:
  std::string help() const;

  std::string name_;
  std::string_view usage_;
  boost::program_options::options_description options_{120, 60};
};

/// Reads the words, does what is to be done with them, and says what is wrong with them.
std::variant<int, early_exit> run_with(client_command_line line, const std::vector<std::string>& words,
                                       const std::function<int(const given_words&)>& run);

/// Throws wrong_command_line for what can be none.
std::string good_topic(const std::string& topic);

/// The value of an environment variable; empty: not set.
std::string variable(const char* const* environment, std::string_view name);

/// By --url and --token, or by the environment.
client::relay_address relay_of(const given_words& given, const char* const* environment);

/// One that can be sent in a header. `origin` is for the message.
std::string good_token(const std::string& token, const std::string& origin);

}  // namespace event_relay
