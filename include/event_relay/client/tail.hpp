#pragma once

#include "event_relay/client/tail_progress.hpp"

#include <chrono>
#include <iosfwd>

namespace event_relay::client {

struct tail_options {
  relay_address relay;
  tail_wishes wishes{};
  std::chrono::milliseconds patience{45'000};  ///< three heartbeats without a byte: the connection is dead
};

/// Prints events to standard output until the limit is reached, SIGINT or SIGTERM comes, or nobody reads the output any
/// more; comes back with its cursor whenever the stream ends before. The events of a consumer are acknowledged when
/// they are printed. Returns the exit code: 0, or 1 with the reason in `messages`.
int run_tail(const tail_options& options, std::ostream& messages);

}  // namespace event_relay::client
