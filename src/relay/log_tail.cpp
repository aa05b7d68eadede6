#include "event_relay/relay/log_tail.hpp"

#include <algorithm>

namespace event_relay {
namespace {

// Small enough that a slow reader pins little, large enough that a gather write is rarely more than two pieces.
constexpr std::size_t segment_bytes = 256 * 1024;
constexpr std::size_t segment_events = 1'024;

}  // namespace

log_tail::log_tail(std::size_t max_bytes, counters* counted) : max_bytes_(max_bytes), counted_(counted) {}

void log_tail::restart(epoch_t epoch, position_t head) {
  const std::scoped_lock lock(append_mutex_, list_mutex_);
  segments_.clear();
  bytes_ = 0;
  head_.store(head, std::memory_order_release);
  epoch_.store(epoch, std::memory_order_release);
}

void log_tail::continue_in(epoch_t epoch) {
  const std::scoped_lock lock(append_mutex_, list_mutex_);
  epoch_.store(epoch, std::memory_order_release);
}

bool log_tail::append(epoch_t epoch, std::span<const event_view> events) {
  const std::scoped_lock lock(append_mutex_);
  const auto head = head_.load(std::memory_order_relaxed);
  if (epoch != epoch_.load(std::memory_order_relaxed) || events.empty() || events.front().position > head + 1)
    return false;
  constexpr std::chrono::steady_clock::time_point never;
  auto now = never;
  for (const auto& event : events) {
    if (event.position <= head) continue;
    if (event.accepted_at == never && now == never) now = std::chrono::steady_clock::now();
    append_one(event, event.accepted_at == never ? now : event.accepted_at);
  }
  return true;
}

void log_tail::append_one(const event_view& event, std::chrono::steady_clock::time_point had_at) {
  auto marks = serialise(bytes_of_event_, event, epoch_.load(std::memory_order_relaxed));
  marks.had_at = log_segment::moment_of(had_at);
  // Only this thread changes the list while it holds append_mutex_, so back() needs no second lock to be read.
  if (segments_.empty() || !segments_.back()->append(bytes_of_event_, marks)) {
    start_segment(event.position, bytes_of_event_.size());
    segments_.back()->append(bytes_of_event_, marks);
  }
  head_.store(event.position, std::memory_order_release);
  if (counted_) add(counted_->events_tailed);
}

void log_tail::start_segment(position_t first, std::size_t bytes) {
  auto segment = std::make_shared<log_segment>(first, segment_events, std::max(segment_bytes, bytes));
  const std::scoped_lock lock(list_mutex_);
  bytes_ += segment->memory_bytes();
  segments_.push_back(std::move(segment));
  while (bytes_ > max_bytes_ && segments_.size() > 1) {
    bytes_ -= segments_.front()->memory_bytes();
    segments_.pop_front();
  }
}

tail_window log_tail::read_after(position_t position) const {
  tail_window window;
  const std::scoped_lock lock(list_mutex_);
  window.epoch = epoch_.load(std::memory_order_relaxed);
  if (window.epoch == 0) return window;
  window.where = tail_window::place::at_head;
  const auto head = head_.load(std::memory_order_acquire);
  if (position >= head) return window;
  window.where = tail_window::place::behind;
  if (segments_.empty() || position + 1 < segments_.front()->first()) return window;
  window.where = tail_window::place::inside;
  auto at = std::ranges::upper_bound(segments_, position + 1, {}, [](const auto& segment) { return segment->first(); });
  for (--at; at != segments_.end() && window.count < window.segments.size(); ++at)
    window.segments[window.count++] = *at;
  return window;
}

}  // namespace event_relay
