#pragma once

#include "actors/actor_fixture.hpp"
#include "event_relay/relay/journal_reader.hpp"
#include "event_relay/relay/journal_tailer.hpp"
#include "event_relay/relay/journal_writer.hpp"
#include "event_relay/relay/outbox_drainer.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace event_relay::test {

/// The journal's actors on a journal in memory. Here they share the test's thread: what blocks a detached actor must
/// not block in memory.
class journal_fixture : public actor_fixture {
 protected:
  using publish_answer = std::optional<result<batch_receipt>>;

  journal_fixture();
  void release() override;

  void start_writer();
  void start_tailer();
  void start_reader();
  void start_drainer();
  /// Writer and tailer until both have their connections.
  void open();

  /// Hands an event to the writer. The answer is at its index in `answers`.
  std::size_t publish(std::string data = "{}", std::string key = {}, std::string type = {});
  /// Messages for the actors, enough for every queued one; the tailer goes on for ever.
  void work() { run_some(60); }

  /// Several at once.
  std::size_t publish_batch(std::vector<std::string> data, const std::string& key = {});

  /// Several that have keys of their own.
  std::size_t publish_with_keys(std::vector<std::pair<std::string, std::string>> data_and_keys);

  event_id stored(std::size_t index) const;
  errc refused(std::size_t index) const;

  /// Another relay's connection.
  journal_connection& elsewhere();
  /// What another relay stores.
  position_t store_elsewhere(std::string data = "{}");
  /// Everything in the journal, as `position:data`.
  std::vector<std::string> in_journal();
  /// Frames of the tail after `position`.
  std::string in_tail(position_t position) const;

  std::deque<publish_answer> answers;
  std::vector<std::string> fatal;
  int advances = 0;  ///< what the holder was told
  std::unique_ptr<journal_connection> other;
};

}  // namespace event_relay::test
