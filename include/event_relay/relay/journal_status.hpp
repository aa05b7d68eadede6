#pragma once

#include "event_relay/journal/journal.hpp"
#include "event_relay/relay/consumer_status.hpp"

#include <atomic>
#include <condition_variable>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace event_relay {

/// What the journal actors know of the journal, for everybody to read without asking the database. Thread-safe.
class journal_status {
 public:
  /// The schema is there and of the right version: others than the writer may connect.
  std::atomic<bool> prepared{false};
  /// Publishing is possible: the writer has a connection.
  std::atomic<bool> writable{false};
  /// The tail follows the journal: the tailer has a connection.
  std::atomic<bool> readable{false};

  /// A position that the journal has for certain, which an announcement does not make it. The newest counts, until bounds
  /// of another history are set.
  void note_head(position_t head) noexcept;
  position_t newest_known() const noexcept { return newest_known_.load(std::memory_order_relaxed); }

  /// When the tailer last heard from the journal. clock::time_point(): never.
  using clock = std::chrono::steady_clock;
  std::atomic<clock::time_point> last_look{};

  /// What the keeper last found out about the named consumers. Null: nothing yet.
  std::shared_ptr<const consumer_survey> consumers() const;
  void set_consumers(consumer_survey found);

  /// Null until the journal was opened for the first time. `head` is as old as the bounds are.
  std::shared_ptr<const journal_bounds> bounds() const;
  void set_bounds(journal_bounds bounds);

  void set_topics(std::span<const topic> topics);
  std::optional<topic_id> id_of(std::string_view name) const;
  std::string name_of(topic_id id) const;
  bool knows(topic_id id) const;

 private:
  std::atomic<position_t> newest_known_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<const journal_bounds> bounds_;
  std::shared_ptr<const consumer_survey> consumers_;
  std::map<std::string, topic_id, std::less<>> ids_;
  std::map<topic_id, std::string> names_;
};

/// Lets threads that pause between two attempts be woken when the process stops. Thread-safe.
class stop_signal {
 public:
  void stop();
  bool stopped() const;
  /// False: stop() was called.
  bool wait_for(std::chrono::milliseconds pause) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool stopped_ = false;
};

}  // namespace event_relay
