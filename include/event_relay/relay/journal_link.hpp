#pragma once

#include "event_relay/relay/relay_context.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace event_relay {

/// One detached actor's connection to the journal, and how it gets a new one after a loss: at once, then after growing
/// pauses with jitter, so that many relays do not come back to a restarted database in step. Used by its actor alone.
class journal_link {
 public:
  /// Makes a connection and does what its user needs first. May throw like the journal; null: not yet, try later.
  using connector = std::function<std::unique_ptr<journal_connection>()>;

  journal_link(relay_context& context, std::string_view user, connector connect)
      : context_(context), user_(user), connect_(std::move(connect)) {}

  /// The connection, made if there is none. Null: it cannot be made now.
  journal_connection* get();

  /// The connection has failed: forgets it.
  void lost(const std::exception& why);

  /// Pauses before the next attempt; ended early by the stop signal.
  void wait();

 private:
  relay_context& context_;
  const std::string_view user_;
  const connector connect_;
  std::unique_ptr<journal_connection> connection_;
  std::chrono::milliseconds pause_{first_pause};
  bool complained_ = false;

  static constexpr std::chrono::milliseconds first_pause{20};
};

}  // namespace event_relay
