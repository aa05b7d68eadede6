#pragma once

#include <string>
#include <string_view>

namespace event_relay {

/// A libpq connection string (postgresql:// URL or key=value words) with every password replaced by ***, fit for the
/// log. What cannot be taken apart with certainty is hidden as a whole: rather too little in the log than a secret.
std::string without_secrets(std::string_view connection_string);

}  // namespace event_relay
