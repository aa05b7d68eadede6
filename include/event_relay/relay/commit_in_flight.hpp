#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace event_relay {

/// Lets the tailer wait for this relay's own writer: the announcement of a commit often overtakes the commit's answer,
/// and reading back what the writer is about to put into the tail costs the database as much as a small commit.
///
/// One thread commits, others wait. Thread-safe.
class commit_in_flight {
 public:
  /// From before the commit until its events are in the tail.
  class scope {
   public:
    explicit scope(commit_in_flight& of) : of_(of) { of_.set(true); }
    ~scope() { of_.set(false); }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

   private:
    commit_in_flight& of_;
  };

  /// Returns once the commit that is in flight now has ended, whether or not the next one has begun; or after `at_most`.
  void wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    const auto current = commits_;
    ended_.wait_for(lock, at_most, [&] { return !under_way_ || commits_ != current; });
  }

 private:
  void set(bool under_way) {
    {
      const std::lock_guard lock(mutex_);
      under_way_ = under_way;
      if (!under_way) ++commits_;
    }
    if (!under_way) ended_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable ended_;
  bool under_way_ = false;
  std::uint64_t commits_ = 0;  // that have ended
};

}  // namespace event_relay
