#pragma once

#include "event_relay/client/relay_address.hpp"

#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>

namespace event_relay::client {

struct check_options {
  relay_address relay;
  std::optional<relay_address> publisher{};  ///< the same with a token for publishing; nothing: the same token does
  bool has_token = false;
  std::string topic{};            ///< empty: the first of the relay's
  std::string origin{};           ///< of web pages; empty: none
  std::chrono::seconds idle{65};  ///< an idle stream is held for so long; 0: none
};

/// Publishes, streams and resumes through whatever stands between here and the relay, and reports line by line what of
/// it works. `progress` is for a person who waits. Returns the exit code: 0: nothing failed, 1: something did.
int run_check(const check_options& options, std::ostream& out, std::ostream& progress);

}  // namespace event_relay::client
