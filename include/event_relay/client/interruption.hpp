#pragma once

#include <poll.h>
#include <array>
#include <chrono>

namespace event_relay::client {

/// That somebody wants the program to end: SIGINT, SIGTERM, or nobody who reads its standard output any more. From its
/// construction on these signals do nothing else; so it must be made before any thread.
class interruption {
 public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  bool happened() const;

  /// Whether it did within this time.
  bool wait_for(std::chrono::milliseconds pause) const;

  /// What poll() is to be given to be woken by it. Nobody is to read from the descriptors.
  std::array<pollfd, 2> watched() const;

 private:
  int signals_;
};

}  // namespace event_relay::client
