#pragma once

#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/journal_link.hpp"
#include "event_relay/relay/relay_context.hpp"

#include <memory>

namespace event_relay {

/// Removes what the journal need not remember, now and then. Has a connection of its own, because taking a partition away
/// waits for everybody's transactions.
class retention_keeper_state {
 public:
  using pointer = retention_keeper_actor::stateful_pointer<retention_keeper_state>;

  static inline const char* name = "retention_keeper";

  explicit retention_keeper_state(pointer self) : self_(self) {}

  void start(relay_context& context);
  /// One look; sends itself the next one.
  void retain();

 private:
  std::unique_ptr<journal_connection> connect();
  void look(journal_connection& connection);

  pointer self_;
  relay_context* context_ = nullptr;
  std::unique_ptr<journal_link> link_;
  bool complained_ = false;  // since the last look that succeeded
};

retention_keeper_actor::behavior_type retention_keeper(retention_keeper_state::pointer self, relay_context* context);

}  // namespace event_relay
