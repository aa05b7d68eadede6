#include "event_relay/relay/cursor.hpp"

#include <algorithm>

namespace event_relay {

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

cursor::cursor(const log_tail& tail, std::shared_ptr<const filter> wanted, sse::body_framing framing)
    : tail_(tail), wanted_(std::move(wanted)), framing_(framing) {}

void cursor::move_to(position_t position) noexcept {
  position_ = position;
  page_.reset();
}

std::string_view cursor::on_wire(const log_segment& segment, std::size_t index) const noexcept {
  return framing_ == sse::body_framing::chunked ? segment.chunk(index) : segment.frame(index);
}

/// Adds what the filter wants of the segment after plan.scanned_to_. False: the plan is full.
bool cursor::plan_events(write_plan& plan, const log_segment& segment) const {
  const auto size = segment.size();
  for (auto index = static_cast<std::size_t>(plan.scanned_to_ + 1 - segment.first()); index < size; ++index) {
    if (!wanted_ || wanted_->wants(segment.at(index).topic, segment.type(index))) {
      if (plan.full()) return false;
      plan.add(on_wire(segment, index), {&segment, index, index + 1});
    }
    ++plan.scanned_to_;
  }
  return true;
}

cursor::need cursor::next(write_plan& plan) {
  if (!pending_.empty()) {
    plan.scanned_to_ = position_;
    plan.add(pending_, {});
    return need::write;
  }
  for (;;) {
    plan.scanned_to_ = position_;
    if (page_ && position_ < page_->last()) {
      plan.page_ = page_;
      plan_events(plan, *page_);
    } else {
      page_.reset();
      plan.window_ = tail_.read_after(position_);
      // Checked here and not before: what counts is which history these very segments are of.
      if (epoch_ != 0 && plan.window_.epoch != epoch_) return need::enter;
      if (plan.window_.where == tail_window::place::behind) return need::page;
      if (plan.window_.where != tail_window::place::inside) return need::wait;
      for (std::size_t i = 0; i < plan.window_.count; ++i)
        if (!plan_events(plan, *plan.window_.segments[i])) break;
    }
    if (plan.bytes_ > 0) return need::write;
    position_ = plan.scanned_to_;  // nothing in there is wanted: as good as written
  }
}

void cursor::wrote(const write_plan& plan, std::size_t bytes) {
  if (!pending_.empty()) {
    pending_.erase(0, bytes);
    if (pending_.empty()) pending_.shrink_to_fit();
  } else if (bytes == plan.bytes_) {
    position_ = plan.scanned_to_;
  } else {
    keep_rest(plan, bytes);
  }
}

/// After a partial write the rest of the one cut frame is copied, so that the socket's pace pins no segment.
void cursor::keep_rest(const write_plan& plan, std::size_t bytes) {
  for (std::size_t i = 0; i < plan.count_ && bytes > 0; ++i) {
    const auto& run = plan.runs_[i];
    for (auto index = run.begin; index < run.end && bytes > 0; ++index) {
      const auto event = on_wire(*run.segment, index);
      const auto written = std::min(bytes, event.size());
      pending_ = event.substr(written);
      position_ = run.segment->first() + index;
      bytes -= written;
    }
  }
}

}  // namespace event_relay
