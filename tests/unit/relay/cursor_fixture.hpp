#pragma once

#include "unit/relay/cursor_driver.hpp"

namespace event_relay::test {

inline constexpr auto chunked = sse::body_framing::chunked;

inline std::shared_ptr<const filter> topic_only(topic_id topic) {
  return std::make_shared<filter>(filter{{topic}, {}});
}

/// A journal, its tail, and nobody.
class cursor_fixture : public testing::Test {
 protected:
  void publish(int events, topic_id topic = topic_id{1}) {
    for (int i = 0; i < events; ++i) log.add(topic);
    log.feed(tail);
  }
  /// As if the tail were full of later events: nothing of the past is in memory.
  void evict() { tail.restart(sample_log::first_epoch, log.head()); }

  sample_log log;
  log_tail tail{1 << 20};
};

/// The same with the tail open, and a subscriber of everything.
class open_cursor_fixture : public cursor_fixture {
 protected:
  open_cursor_fixture() { tail.restart(sample_log::first_epoch, 0); }
  cursor_driver subscriber{tail, nullptr, chunked};
};

}  // namespace event_relay::test
