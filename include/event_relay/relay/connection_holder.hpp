#pragma once

#include "event_relay/core/event_id.hpp"
#include "event_relay/relay/connection_handler.hpp"
#include "event_relay/relay/interest_index.hpp"
#include "event_relay/relay/relay_context.hpp"

#include <memory>
#include <unordered_map>
#include <vector>

namespace event_relay {

/// Knows every live handler, and nothing of what they write.
class connection_holder_state {
 public:
  using pointer = connection_holder_actor::stateful_pointer<connection_holder_state>;

  static inline const char* name = "connection_holder";

  explicit connection_holder_state(pointer self) : self_(self) {}

  void start(relay_context& context);

  void open(stream_request& request);
  void forget(caf::actor_id handler, const caf::error& reason);
  void advanced();
  void tick();
  void drain(std::chrono::milliseconds period, drained_ptr done);
  void stop();

  std::size_t size() const noexcept { return subscribers_.size(); }

 private:
  struct subscriber {
    connection_handler_actor handler;
    std::shared_ptr<wake_flag> flag;
    std::shared_ptr<const filter> wanted;
    interest_links links;
  };

  bool wants_all_topics(const subscriber& subscriber) const noexcept;
  void wake(subscriber& subscriber, position_t nothing_up_to);
  void wake_by_topic(position_t head);
  void end_if_empty();

  pointer self_;
  relay_context* context_ = nullptr;
  std::unordered_map<caf::actor_id, subscriber> subscribers_;
  interest_index<subscriber> interests_;
  epoch_t epoch_ = 0;
  position_t scanned_to_ = 0;  // subscribers of topics up to here were woken
  bool draining_ = false;
  bool stopping_ = false;
  std::chrono::milliseconds drain_period_{0};
  drained_ptr drained_;
};

connection_holder_actor::behavior_type connection_holder(connection_holder_state::pointer self, relay_context* context);

}  // namespace event_relay
