#pragma once

#include "event_relay/journal/journal.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace event_relay::test {

/// What the connections of one memory_journal share. The member functions need the mutex to be held.
struct memory_log {
  struct event {
    topic_id topic{};
    std::string type;
    std::string data;
    std::string attributes;
    timestamp stored_at;
  };

  struct remembered_key {
    position_t position = 0;
    timestamp created_at;
  };

  struct outbox_row {
    std::string topic, type, key, data;
  };

  timestamp now() const;
  position_t head() const noexcept { return floor + events.size(); }
  const event* find(position_t position) const noexcept;
  journal_bounds bounds() const { return {epochs, floor, head()}; }

  std::vector<topic> register_topics(std::span<const std::string> names);
  append_receipt append(const batch_id& id, std::span<const new_event* const> batch, known_keys how);
  outbox_drained drain(const outbox_limits& limits);
  void forget_expired(std::chrono::seconds window);
  void open_epoch(std::optional<known_history> known);
  void drop_after(position_t last);
  void drop_up_to(position_t last);

  mutable std::mutex mutex;
  std::condition_variable changed;  ///< an append, go_away() or a wake()
  std::optional<timestamp> set_time;
  bool away = false;
  bool lose_next_answer = false;
  std::uint64_t generation = 0;  ///< connections of an earlier one are dead
  std::size_t connections = 0;

  position_t floor = 0;
  std::deque<event> events;  ///< those after the floor
  std::vector<epoch_start> epochs;
  std::vector<topic> topics;
  std::map<std::pair<topic_id, std::string>, remembered_key> keys;
  std::map<batch_id, append_receipt> batches;
  std::map<std::string, consumer> consumers;
  std::uint64_t claims = 0;
  std::deque<outbox_row> outbox;
  std::vector<std::pair<outbox_row, dead_letter_reason>> dead_letters;
  bool outbox_used = false;
  bool outbox_refused = false;
  bool is_full = false;

 private:
  appended look_up(const new_event& event) const;
  appended store(const new_event& event, timestamp now);
};

}  // namespace event_relay::test
