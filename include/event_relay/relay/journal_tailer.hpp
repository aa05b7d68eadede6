#pragma once

#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/journal_link.hpp"
#include "event_relay/relay/relay_context.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace event_relay {

/// Brings every relay's events into the log tail, in journal order, and notices when history changes.
class journal_tailer_state {
 public:
  using pointer = journal_tailer_actor::stateful_pointer<journal_tailer_state>;

  static inline const char* name = "journal_tailer";

  explicit journal_tailer_state(pointer self) : self_(self) {}

  void start(relay_context& context);
  /// One round: wait for news, read what is new. Sends itself the next one.
  void follow();

 private:
  using clock = std::chrono::steady_clock;

  std::unique_ptr<journal_connection> connect();
  void adopt(journal_bounds bounds);
  bool is_news(position_t announced);
  void read_news(journal_connection& connection, std::optional<position_t> announced);
  bool read_up_to(journal_connection& connection, std::optional<position_t> announced);
  std::size_t read_page(journal_connection& connection);
  void look_after(journal_connection& connection);

  pointer self_;
  relay_context* context_ = nullptr;
  std::unique_ptr<journal_link> link_;
  clock::time_point next_look_;
  clock::time_point next_maintenance_;
};

journal_tailer_actor::behavior_type journal_tailer(journal_tailer_state::pointer self, relay_context* context);

}  // namespace event_relay
