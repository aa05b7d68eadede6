#include "event_relay/relay/journal_status.hpp"

namespace event_relay {

std::shared_ptr<const journal_bounds> journal_status::bounds() const {
  const std::scoped_lock lock(mutex_);
  return bounds_;
}

void journal_status::set_bounds(journal_bounds bounds) {
  auto fresh = std::make_shared<const journal_bounds>(std::move(bounds));
  const std::scoped_lock lock(mutex_);
  bounds_ = std::move(fresh);
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
