#pragma once

#include "event_relay/app/options.hpp"

#include <string>
#include <variant>
#include <vector>

namespace event_relay {

/// The commands that talk to a relay over HTTP. `words` is what follows the command's name; the environment ends with a
/// null pointer. Each returns its exit code, or why it did not begin.
using client_outcome = std::variant<int, early_exit>;

client_outcome healthcheck(const std::vector<std::string>& words, const char* const* environment);
client_outcome publish_events(const std::vector<std::string>& words, const char* const* environment);
client_outcome tail_events(const std::vector<std::string>& words, const char* const* environment);
client_outcome check_relay(const std::vector<std::string>& words, const char* const* environment);

}  // namespace event_relay
