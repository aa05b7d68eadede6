#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/counters.hpp"
#include "event_relay/relay/stream_request.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace event_relay {

/// Admits streams up to the limits, in all and for each client address, and counts them exactly. Thread-safe; must
/// outlive its permits.
class stream_limits {
 public:
  stream_limits(const stream_config& options, counters& counted) : options_(options), counted_(counted) {}

  /// Errors: too_many_streams, too_many_streams_from_address, shutting_down.
  result<std::unique_ptr<stream_permit>> admit(const std::string& address);

  void close() noexcept { closed_ = true; }
  bool closed() const noexcept { return closed_; }

 private:
  class permit;

  void release(const std::string* address);

  const stream_config& options_;
  counters& counted_;
  std::atomic<bool> closed_{false};
  std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> by_address_;  // only kept when there is a limit
};

}  // namespace event_relay
