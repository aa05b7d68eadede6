#include "event_relay/relay/journal_status.hpp"

namespace event_relay {

std::shared_ptr<const journal_bounds> journal_status::bounds() const {
  const std::scoped_lock lock(mutex_);
  return bounds_;
}

void journal_status::set_bounds(journal_bounds bounds) {
  auto fresh = std::make_shared<const journal_bounds>(std::move(bounds));
  const std::scoped_lock lock(mutex_);
  // What was known of another history may be lost.
  if (!bounds_ || bounds_->current_epoch() != fresh->current_epoch()) newest_known_ = fresh->head;
  note_head(fresh->head);
  bounds_ = std::move(fresh);
}

void journal_status::note_head(position_t head) noexcept {
  auto known = newest_known();
  while (known < head && !newest_known_.compare_exchange_weak(known, head, std::memory_order_relaxed)) {
  }
}

std::shared_ptr<const consumer_survey> journal_status::consumers() const {
  const std::scoped_lock lock(mutex_);
  return consumers_;
}

void journal_status::set_consumers(consumer_survey found) {
  auto fresh = std::make_shared<const consumer_survey>(std::move(found));
  const std::scoped_lock lock(mutex_);
  consumers_ = std::move(fresh);
}

void journal_status::set_topics(std::span<const topic> topics) {
  const std::scoped_lock lock(mutex_);
  for (const auto& topic : topics) {
    ids_.insert_or_assign(topic.name, topic.id);
    names_.insert_or_assign(topic.id, topic.name);
  }
}

std::optional<topic_id> journal_status::id_of(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = ids_.find(name);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::string journal_status::name_of(topic_id id) const {
  const std::scoped_lock lock(mutex_);
  const auto found = names_.find(id);
  return found == names_.end() ? std::string() : found->second;
}

bool journal_status::knows(topic_id id) const {
  const std::scoped_lock lock(mutex_);
  return names_.contains(id);
}

void stop_signal::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
}

bool stop_signal::stopped() const {
  const std::scoped_lock lock(mutex_);
  return stopped_;
}

bool stop_signal::wait_for(std::chrono::milliseconds pause) const {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, pause, [this] { return stopped_; });
}

}  // namespace event_relay
