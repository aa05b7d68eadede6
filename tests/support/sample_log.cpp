#include "support/sample_log.hpp"

#include "event_relay/sse/frame.hpp"

#include <algorithm>

namespace event_relay::test {

position_t sample_log::add(topic_id topic, std::string type, std::string data) {
  events_.push_back({epoch(), topic, std::move(type), std::move(data)});
  return head();
}

position_t sample_log::add(topic_id topic, std::string type) {
  return add(topic, std::move(type), "{\"n\":" + std::to_string(head() + 1) + "}");
}

void sample_log::fork(position_t first_position) {
  const auto next = epoch() + 1;
  events_.resize(first_position - 1);
  // Epochs are rows of the journal: those that began later are lost like the events.
  std::erase_if(epochs_, [&](const auto& start) { return start.first_position > first_position; });
  epochs_.push_back({next, first_position});
}

event_view sample_log::at(position_t position) const {
  const auto& event = events_.at(position - 1);
  return {position, event.topic, event.type, event.data, time_of(position), {}};
}

void sample_log::feed(log_tail& tail, position_t up_to) const {
  for (auto position = tail.head() + 1; position <= up_to; ++position) {
    const auto event = at(position);
    tail.append(tail.epoch(), {&event, 1});
  }
}

std::shared_ptr<const log_segment> sample_log::page(position_t after, std::size_t events) const {
  const auto last = std::min<position_t>(head(), after + events);
  std::vector<std::string> chunks;
  std::vector<log_segment::entry> marks;
  std::size_t bytes = 0;
  for (auto position = after + 1; position <= last; ++position) {
    marks.push_back(serialise(chunks.emplace_back(), at(position), events_[position - 1].epoch));
    bytes += chunks.back().size();
  }
  auto segment = std::make_shared<log_segment>(after + 1, chunks.size(), bytes);
  for (std::size_t i = 0; i < chunks.size(); ++i) segment->append(chunks[i], marks[i]);
  return segment;
}

std::string sample_log::on_wire(position_t position, sse::body_framing framing) const {
  const auto event = at(position);
  std::string frame;
  sse::append_frame(frame, event.type, event.data, {events_[position - 1].epoch, position});
  return sse::framed(framing, frame);
}

std::string sample_log::stream(position_t after, const filter* wanted, sse::body_framing framing) const {
  std::string bytes;
  for (auto position = after + 1; position <= head(); ++position) {
    const auto event = at(position);
    if (!wanted || wanted->wants(event.topic, event.type)) bytes += on_wire(position, framing);
  }
  return bytes;
}

}  // namespace event_relay::test
