#pragma once

#include "event_relay/core/filter.hpp"
#include "event_relay/journal/journal.hpp"
#include "event_relay/relay/log_segment.hpp"
#include "event_relay/relay/log_tail.hpp"
#include "event_relay/sse/chunk.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace event_relay::test {

/// A journal as simple as it can be: what every subscriber must receive, whatever happens on the way.
class sample_log {
 public:
  static constexpr epoch_t first_epoch = 7;

  /// Appends an event and returns its position.
  position_t add(topic_id topic, std::string type, std::string data);
  /// A short one, different from every other.
  position_t add(topic_id topic = topic_id{1}, std::string type = {});

  /// Another history: the events from `first_position` on are lost.
  void fork(position_t first_position);

  position_t head() const noexcept { return events_.size(); }
  epoch_t epoch() const noexcept { return epochs_.back().epoch; }
  journal_bounds bounds(position_t floor = 0) const { return {epochs_, floor, head()}; }
  event_view at(position_t position) const;
  /// When it was stored: a second after the one before.
  static timestamp time_of(position_t position) { return timestamp(std::chrono::seconds(1'700'000'000 + position)); }

  /// Brings the tail up to the head.
  void feed(log_tail& tail) const { feed(tail, head()); }
  void feed(log_tail& tail, position_t up_to) const;

  /// At most `events` events after `after`.
  std::shared_ptr<const log_segment> page(position_t after, std::size_t events) const;

  /// The bytes of one event, as the stream has them.
  std::string on_wire(position_t position, sse::body_framing framing) const;
  /// The bytes of all events after `after` that the filter wants. Null: all of them.
  std::string stream(position_t after, const filter* wanted, sse::body_framing framing) const;

 private:
  struct event {
    epoch_t epoch;
    topic_id topic;
    std::string type;
    std::string data;
  };
  std::vector<event> events_;
  std::vector<epoch_start> epochs_{{first_epoch, 1}};
};

}  // namespace event_relay::test
