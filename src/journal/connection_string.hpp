#pragma once

#include <string>
#include <string_view>

namespace event_relay {

enum class server_role {
  writable,  ///< the primary, whichever that is at the moment
  standby,   ///< one that only reads, if there is a choice; nothing is written to either
};

/// The url with defaults for everything that it does not set itself.
std::string with_connection_defaults(std::string_view url, server_role role = server_role::writable);

/// What may be logged of libpq's reason for not connecting: its first line without passwords. libpq quotes pieces of a
/// connection string that it cannot parse, and such a piece may be half a password, so then nothing of it is shown.
std::string safe_reason(std::string_view message, std::string_view url);

}  // namespace event_relay
