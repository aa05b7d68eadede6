#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace event_relay {

/// PATH of `sqlite:PATH`, the journal in a file; nothing for every other connection string.
std::optional<std::string_view> sqlite_path(std::string_view connection_string);

/// A libpq connection string (postgresql:// URL or key=value words) with every password replaced by ***, fit for the
/// log. A sqlite: path has none and is shown as it is. What cannot be taken apart with certainty is hidden as a whole: rather too little in the log than a secret.
std::string without_secrets(std::string_view connection_string);

}  // namespace event_relay
