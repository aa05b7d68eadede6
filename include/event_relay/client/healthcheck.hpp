#pragma once

#include "event_relay/client/relay_address.hpp"

#include <iosfwd>

namespace event_relay::client {

struct healthcheck_options {
  relay_address relay;
  bool live = false;  ///< only whether it lives, not whether it can publish and stream
};

/// Says on one line of `out` how the relay is. Returns the exit code: 0 or 1.
int run_healthcheck(const healthcheck_options& options, std::ostream& out);

}  // namespace event_relay::client
