#include "event_relay/relay/cursor.hpp"

#include <algorithm>

namespace event_relay {
namespace {

// What a reader of such a form costs while it does not read, beside the rest of one event.
constexpr std::size_t encoded_at_once = 16 * 1024;

}  // namespace

void write_plan::add(std::string_view buffer, run events) {
  const bool joins_last = count_ > 0 && runs_[count_ - 1].segment == events.segment &&
                          static_cast<const char*>(buffers_[count_ - 1].iov_base) + buffers_[count_ - 1].iov_len ==
                              buffer.data();
  bytes_ += buffer.size();
  if (joins_last) {
    buffers_[count_ - 1].iov_len += buffer.size();
    runs_[count_ - 1].end = events.end;
    return;
  }
  buffers_[count_] = {const_cast<char*>(buffer.data()), buffer.size()};  // writev() takes no const, and changes nothing
  runs_[count_] = events;
  ++count_;
}

cursor::cursor(const log_tail& tail, const journal_status& topics, std::shared_ptr<const filter> wanted,
               const stream_form& form, sse::body_framing framing)
    : tail_(tail),
      wanted_(std::move(wanted)),
      encoder_(form, topics),
      bounds_(form.is_bounded() ? std::make_unique<bounds>(bounds{form.limit, form.until}) : nullptr),
      framing_(framing) {}

void cursor::move_to(position_t position) noexcept {
  position_ = position;
  page_.reset();
}

void cursor::say(std::string_view words) {
  if (!words.empty()) pending_ += sse::framed(framing_, words);  // an empty chunk would end the body
}

void cursor::say_control(std::string_view type, std::string_view body, event_id place) {
  say(encoder_.control(type, body, place, delivered() == 0));
  if (bounds_) ++bounds_->delivered;
  told_ = place.position;
}

void cursor::tell_position() {
  say(encoder_.cursor({epoch_, position_}));
  told_ = position_;
}

std::string_view cursor::on_wire(const log_segment& segment, std::size_t index) const noexcept {
  return framing_ == sse::body_framing::chunked ? segment.chunk(index) : segment.frame(index);
}

bool cursor::wants(const log_segment& segment, std::size_t index) const {
  return !wanted_ || wanted_->wants(segment.at(index).topic, segment.type(index));
}

/// Adds what the filter wants of the segment after plan.scanned_to_. False: the plan is full.
bool cursor::plan_events(write_plan& plan, const log_segment& segment) const {
  const auto size = segment.size();
  for (auto index = static_cast<std::size_t>(plan.scanned_to_ + 1 - segment.first()); index < size; ++index) {
    if (wants(segment, index)) {
      if (plan.full()) return false;
      plan.add(on_wire(segment, index), {&segment, index, index + 1});
    }
    ++plan.scanned_to_;
  }
  return true;
}

/// The same for forms that are made for each reader: into a small store of its own, from where it is written. False: it
/// is full, or the stream's bounds are reached.
bool cursor::encode_events(write_plan& plan, const log_segment& segment) {
  std::string event;
  const auto size = segment.size();
  for (auto index = static_cast<std::size_t>(position_ + 1 - segment.first()); index < size; ++index) {
    if (pending_.size() >= encoded_at_once || is_out_of_bounds(segment, index)) return false;
    if (wants(segment, index)) {
      event.clear();
      encoder_.add(event, segment, index, delivered() == 0);
      say(event);
      told_ = position_ + 1;
      if (plan.encoded_++ == 0) plan.had_at_ = segment.at(index).had_at;
      if (bounds_) ++bounds_->delivered, ++bounds_->events;
    }
    ++position_;
  }
  return true;
}

bool cursor::is_out_of_bounds(const log_segment& segment, std::size_t index) {
  if (!bounds_) return false;
  bounds_->reached = (bounds_->limit && bounds_->events >= *bounds_->limit) ||
                     (bounds_->until && segment.at(index).stored_at >= *bounds_->until);
  return bounds_->reached;
}

/// Finds what follows the position, in the page or in the tail. An answer: there is nothing to be had.
std::optional<cursor::need> cursor::look(write_plan& plan) {
  plan.scanned_to_ = position_;
  if (page_ && position_ < page_->last()) {
    plan.window_.segments[0] = page_;
    plan.window_.count = 1;
    plan.replays_ = true;
    return std::nullopt;
  }
  page_.reset();
  plan.replays_ = false;
  plan.window_ = tail_.read_after(position_);
  // Checked here and not before: what counts is which history these very segments are of.
  if (epoch_ != 0 && plan.window_.epoch != epoch_) return need::enter;
  if (plan.window_.where == tail_window::place::behind) return need::page;
  if (plan.window_.where != tail_window::place::inside) return need::wait;
  return std::nullopt;
}

cursor::need cursor::next(write_plan& plan) {
  if (!pending_.empty()) {
    plan.scanned_to_ = position_;
    plan.replays_ = pending_replays_;
    plan.add(pending_, {});
    return need::write;
  }
  const bool as_they_are = encoder_.takes_frames() && !bounds_;
  for (;;) {
    if (bounds_ && (bounds_->reached || (bounds_->limit && bounds_->events >= *bounds_->limit))) return need::end;
    if (const auto other = look(plan)) return *other;
    for (std::size_t i = 0; i < plan.window_.count; ++i)
      if (!(as_they_are ? plan_events(plan, *plan.window_.segments[i]) : encode_events(plan, *plan.window_.segments[i])))
        break;
    if (!pending_.empty()) {
      plan.scanned_to_ = position_;
      pending_replays_ = plan.replays_;
      plan.add(pending_, {});
    }
    if (plan.bytes_ > 0) return need::write;
    if (as_they_are) position_ = plan.scanned_to_;  // nothing in there is wanted: as good as written
  }
}

std::size_t cursor::wrote(const write_plan& plan, std::size_t bytes) {
  if (!pending_.empty()) {
    pending_.erase(0, bytes);
    if (pending_.empty()) {
      pending_.shrink_to_fit();
      pending_replays_ = false;
    }
    return plan.encoded_;
  }
  if (bytes < plan.bytes_) return keep_rest(plan, bytes);
  position_ = plan.scanned_to_;
  const auto& last = plan.runs_[plan.count_ - 1];
  told_ = last.segment->first() + last.end - 1;
  std::size_t events = 0;
  for (std::size_t i = 0; i < plan.count_; ++i) events += plan.runs_[i].end - plan.runs_[i].begin;
  return events;
}

/// After a partial write the rest of the one cut frame is copied, so that the socket's pace pins no segment.
std::size_t cursor::keep_rest(const write_plan& plan, std::size_t bytes) {
  std::size_t events = 0;
  pending_replays_ = plan.replays_;
  for (std::size_t i = 0; i < plan.count_ && bytes > 0; ++i) {
    const auto& run = plan.runs_[i];
    for (auto index = run.begin; index < run.end && bytes > 0; ++index) {
      const auto event = on_wire(*run.segment, index);
      const auto written = std::min(bytes, event.size());
      pending_ = event.substr(written);
      position_ = told_ = run.segment->first() + index;
      bytes -= written;
      ++events;
    }
  }
  return events;
}

}  // namespace event_relay
