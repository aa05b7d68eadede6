#pragma once

#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/journal_link.hpp"
#include "event_relay/relay/relay_context.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>

namespace event_relay {

/// Asks the journal for and about named consumers, and sees to it that each has one reader: a claim, here or through
/// another relay, ends the reader before it.
class consumer_keeper_state {
 public:
  using pointer = consumer_keeper_actor::stateful_pointer<consumer_keeper_state>;

  static inline const char* name = "consumer_keeper";

  explicit consumer_keeper_state(pointer self) : self_(self) {}

  void start(relay_context& context);
  void claim(const claim_request_ptr& request);
  void forget(caf::actor_id handler);
  void serve(consumer_command& command);
  void look();
  void survey();
  void stop();

 private:
  using clock = std::chrono::steady_clock;

  /// One that reads through this relay; it is monitored.
  struct local_reader {
    std::uint64_t number = 0;
    connection_handler_actor handler;
  };

  std::unique_ptr<journal_connection> connect();
  result<std::vector<consumer_status>> carry_out(consumer_command& command, journal_connection& connection);
  result<event_id> place_of(const consumer_command& command, const journal_bounds& bounds) const;
  consumer_status status_of(consumer consumer, const journal_bounds& bounds) const;
  void end_reader(const std::string& consumer, supersession why);
  void schedule_look();

  pointer self_;
  relay_context* context_ = nullptr;
  std::unique_ptr<journal_link> link_;
  std::map<std::string, local_reader> readers_;
  bool look_scheduled_ = false;
};

consumer_keeper_actor::behavior_type consumer_keeper(consumer_keeper_state::pointer self, relay_context* context);

}  // namespace event_relay
