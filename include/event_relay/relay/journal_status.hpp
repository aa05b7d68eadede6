#pragma once

#include "event_relay/journal/journal.hpp"

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

  /// Null until the journal was opened for the first time. `head` is as old as the bounds are.
  std::shared_ptr<const journal_bounds> bounds() const;
  void set_bounds(journal_bounds bounds);

  void set_topics(std::span<const topic> topics);
  std::optional<topic_id> id_of(std::string_view name) const;
  std::string name_of(topic_id id) const;
  bool knows(topic_id id) const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const journal_bounds> bounds_;
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
