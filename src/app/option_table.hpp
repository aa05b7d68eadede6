#pragma once

#include "event_relay/core/config.hpp"

#include <boost/program_options/options_description.hpp>

#include <span>
#include <string>
#include <string_view>

namespace event_relay {

/// One option. Command line, environment, file, --help and the log all go by this row; nothing else knows an option.
struct option_row {
  std::string_view name;   ///< e.g. "http.port": the command line's --http.port, the file's [http] port
  std::string_view alias{};  ///< a shorter name for the same; empty: none
  std::string_view unit;   ///< what the value is, e.g. DURATION
  std::string_view help;
  std::string_view allowed;  ///< ends the sentence "must be …"
  bool repeatable = false;   ///< a list; more values are added by commas or by giving the option again
  std::string (*without_secret)(std::string_view) = nullptr;  ///< how it is shown; null: as it is, in errors too
  bool (*read)(config&, std::string_view) = nullptr;  ///< false, with nothing changed, when the text cannot be meant
  std::string (*write)(const config&) = nullptr;
};

inline constexpr std::string_view environment_prefix = "EVENT_RELAY_";

/// Those of the relay as a whole first, as an INI file wants them; then room by room.
std::span<const option_row> option_rows();

/// Row of this name or alias; null when there is none.
const option_row* find_option(std::string_view name);

/// Part of the name before the dot; empty for options of the relay as a whole.
std::string_view room_of(const option_row& row);

/// EVENT_RELAY_HTTP_PORT for http.port.
std::string environment_name(std::string_view option);

/// The rows as Boost.Program_options has them: all values are texts, and the defaults are only shown.
boost::program_options::options_description describe_options();

}  // namespace event_relay
