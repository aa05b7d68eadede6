#pragma once

#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/journal_link.hpp"
#include "event_relay/relay/relay_context.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace event_relay {

/// Group commit: while one batch commits, publishes queue up, and the next batch takes them all. One connection is as
/// fast as several, since the journal orders appends anyway.
class journal_writer_state {
 public:
  using pointer = journal_writer_actor::stateful_pointer<journal_writer_state>;

  static inline const char* name = "journal_writer";

  explicit journal_writer_state(pointer self) : self_(self) {}

  void start(relay_context& context);
  void publish(publish_command_ptr command);
  /// Commits one batch, or tries to connect when there is no connection.
  void flush();
  void stop();

 private:
  using batch = std::vector<publish_command_ptr>;

  std::unique_ptr<journal_connection> connect();
  batch take_batch();
  std::optional<append_receipt> append(const std::vector<const new_event*>& events, known_keys how, errc& failure);
  bool add_to_tail(const batch& batch, const append_receipt& receipt);
  void answer(batch& batch, const append_receipt& receipt);
  batch_receipt receipt_for(const publish_command& command, std::span<const appended> events, epoch_t epoch) const;
  void schedule_flush();

  pointer self_;
  relay_context* context_ = nullptr;
  std::unique_ptr<journal_link> link_;
  std::deque<publish_command_ptr> queue_;
  journal_bounds bounds_;  // head: the newest position that this writer knows of
  bool flush_scheduled_ = false;
};

journal_writer_actor::behavior_type journal_writer(journal_writer_state::pointer self, relay_context* context);

}  // namespace event_relay
