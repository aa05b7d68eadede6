#pragma once

#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/journal_link.hpp"
#include "event_relay/relay/relay_context.hpp"

#include <chrono>
#include <memory>

namespace event_relay {

/// Looks into the outbox again and again, and moves what it finds into the journal. Has a connection of its own, so that
/// a long outbox does not keep HTTP publishers waiting for the writer's. Its events reach the tail as those of another
/// relay do.
class outbox_drainer_state {
 public:
  using pointer = outbox_drainer_actor::stateful_pointer<outbox_drainer_state>;

  static inline const char* name = "outbox_drainer";

  explicit outbox_drainer_state(pointer self) : self_(self) {}

  void start(relay_context& context);
  /// One look; sends itself the next one.
  void drain();

 private:
  using clock = std::chrono::steady_clock;

  std::unique_ptr<journal_connection> connect();
  /// Returns how long to wait before the next look.
  std::chrono::milliseconds look(journal_connection& connection);
  void count(const outbox_drained& drained);
  void measure(journal_connection& connection, bool more);

  pointer self_;
  relay_context* context_ = nullptr;
  std::unique_ptr<journal_link> link_;
  clock::time_point next_measurement_;
  bool complained_ = false;  // since the last look that was allowed
};

outbox_drainer_actor::behavior_type outbox_drainer(outbox_drainer_state::pointer self, relay_context* context);

}  // namespace event_relay
