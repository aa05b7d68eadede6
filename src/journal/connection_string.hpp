#pragma once

#include <string>
#include <string_view>

namespace event_relay {

/// The url with defaults for everything that it does not set itself.
std::string with_connection_defaults(std::string_view url);

/// What may be logged of libpq's reason for not connecting: its first line without passwords. libpq quotes pieces of a
/// connection string that it cannot parse, and such a piece may be half a password, so then nothing of it is shown.
std::string safe_reason(std::string_view message, std::string_view url);

}  // namespace event_relay
