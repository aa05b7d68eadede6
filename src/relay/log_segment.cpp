#include "event_relay/relay/log_segment.hpp"

#include "event_relay/sse/chunk.hpp"
#include "event_relay/sse/frame.hpp"

#include <cstring>

namespace event_relay {

log_segment::log_segment(position_t first, std::size_t max_events, std::size_t max_bytes, counters::gauge* held)
    : first_(first),
      max_events_(max_events),
      max_bytes_(max_bytes),
      held_(held),
      entries_(std::make_unique_for_overwrite<entry[]>(max_events)),
      bytes_(std::make_unique_for_overwrite<char[]>(max_bytes)) {
  if (held_) held_->fetch_add(static_cast<std::int64_t>(memory_bytes()), std::memory_order_relaxed);
}

log_segment::~log_segment() {
  if (held_) held_->fetch_sub(static_cast<std::int64_t>(memory_bytes()), std::memory_order_relaxed);
}

std::size_t log_segment::memory_bytes() const noexcept {
  return sizeof *this + max_events_ * sizeof(entry) + max_bytes_;
}

bool log_segment::append(std::string_view bytes, const entry& marks) {
  const auto index = size_.load(std::memory_order_relaxed);
  if (index == max_events_ || max_bytes_ - used_bytes_ < bytes.size()) return false;
  std::memcpy(bytes_.get() + used_bytes_, bytes.data(), bytes.size());
  entries_[index] = marks;
  entries_[index].offset = static_cast<std::uint32_t>(used_bytes_);
  used_bytes_ += bytes.size();
  size_.store(index + 1, std::memory_order_release);
  return true;
}

std::string_view log_segment::chunk(std::size_t index) const noexcept {
  const auto& event = entries_[index];
  return {bytes_.get() + event.offset, event.chunk_bytes};
}

std::string_view log_segment::frame(std::size_t index) const noexcept {
  auto bytes = chunk(index);
  bytes.remove_prefix(entries_[index].chunk_head_bytes);
  bytes.remove_suffix(sse::chunk_tail_bytes);
  return bytes;
}

std::string_view log_segment::type(std::size_t index) const noexcept {
  // A frame with a type starts with "event: TYPE", so the type needs no memory of its own.
  constexpr std::size_t label_bytes = std::string_view("event: ").size();
  const auto bytes = entries_[index].type_bytes;
  return bytes == 0 ? std::string_view() : frame(index).substr(label_bytes, bytes);
}

std::string_view log_segment::id(std::size_t index) const noexcept {
  // The last line before the empty one.
  constexpr std::string_view label = "\nid: ";
  auto bytes = frame(index);
  bytes.remove_suffix(2);
  return bytes.substr(bytes.rfind(label) + label.size());
}

std::string_view log_segment::attributes(std::size_t index) const noexcept {
  const auto text = aside(index);
  return text.substr(0, text.find('\0'));
}

std::string_view log_segment::data(std::size_t index, std::string& room) const {
  const auto text = aside(index);
  if (const auto end = text.find('\0'); end != std::string_view::npos) return text.substr(end + 1);
  return sse::data_of_frame(frame(index), room);
}

std::string_view log_segment::aside(std::size_t index) const noexcept {
  const auto& event = entries_[index];
  return {bytes_.get() + event.offset + event.chunk_bytes, event.aside_bytes};
}

log_segment::entry serialise(std::string& bytes, const event_view& event, epoch_t epoch) {
  thread_local std::string frame;
  frame.clear();
  sse::append_frame(frame, event.type, event.data, {epoch, event.position});
  bytes.clear();
  log_segment::entry marks;
  marks.chunk_head_bytes = static_cast<std::uint16_t>(sse::append_chunk(bytes, frame));
  marks.chunk_bytes = static_cast<std::uint32_t>(bytes.size());
  bytes.append(event.attributes);
  // CR, LF and CRLF are all one to a client of the event stream, but not to others.
  if (event.data.find('\r') != std::string_view::npos) bytes.append(1, '\0').append(event.data);
  marks.aside_bytes = static_cast<std::uint32_t>(bytes.size()) - marks.chunk_bytes;
  marks.topic = event.topic;
  marks.type_bytes = static_cast<std::uint16_t>(event.type.size());
  marks.stored_at = event.stored_at;
  return marks;
}

}  // namespace event_relay
