#include "actors/handler_fixture.hpp"

// What a stream counts of what it writes.
namespace event_relay {
namespace {

class HandlerMetrics : public test::handler_fixture {
 protected:
  void add(int events) {
    for (int i = 0; i < events; ++i) log.add(topic_id{1});
  }
  static sse::start_point after(position_t position) {
    return sse::start_after{test::sample_log::first_epoch, position, "the-id"};
  }
  template <class Histogram>
  static std::uint64_t observed(const Histogram& histogram) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < Histogram::bucket_count; ++i) count += histogram.in_bucket(i);
    return count;
  }
  std::uint64_t latencies() const { return observed(counted.delivery_latency); }

  /// Three events of a page to a client that takes thirty bytes at a time.
  void replay_slowly() {
    add(3);
    open_tail();
    connect(after(0));
    client->room = 30;
    answer_pages();
    while (client->blocked()) {
      client->take(30);
      run();
    }
    EXPECT_EQ(counted.replay_deliveries, 3u);
    EXPECT_EQ(counted.replay_bytes, client->received.size() - std::string_view("head").size());
    EXPECT_EQ(latencies(), 0u);
  }
};

TEST_F(HandlerMetrics, ALiveEventHasALatency) {
  open_tail();
  connect();
  publish(1);
  publish(4);
  EXPECT_EQ(latencies(), 5u);
  EXPECT_EQ(counted.deliveries, 5u);
}

TEST_F(HandlerMetrics, OneThatIsEncodedForItsReaderToo) {
  open_tail();
  form.as = envelope::lines;
  connect();
  publish(3);
  EXPECT_EQ(latencies(), 3u);
}

TEST_F(HandlerMetrics, WhatComesFromPagesIsAReplay) {
  add(3);
  open_tail();
  connect(after(0));
  answer_pages();
  EXPECT_EQ(counted.replay_deliveries, 3u);
  EXPECT_EQ(counted.replay_bytes, stream(0).size());
  EXPECT_EQ(latencies(), 0u);
  publish(1);
  EXPECT_EQ(latencies(), 1u);
  EXPECT_EQ(counted.replay_deliveries, 3u);
}

TEST_F(HandlerMetrics, WhatWasInTheTailBeforeTheStreamBeganIsNotLive) {
  open_tail();
  add(3);
  log.feed(context.tail);
  connect(after(1));
  EXPECT_EQ(client->received, "head" + stream(1));
  EXPECT_EQ(counted.deliveries, 2u);
  EXPECT_EQ(latencies(), 0u);
}

TEST_F(HandlerMetrics, AReplayToASlowReaderCountsEachByteAndEventOnce) {
  replay_slowly();
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerMetrics, OneThatIsEncodedForItsReaderDoesToo) {
  form.as = envelope::lines;
  replay_slowly();
}

TEST_F(HandlerMetrics, WhatAStreamWasSentIsKnownAtItsEnd) {
  open_tail();
  connect();
  publish(2);
  EXPECT_EQ(observed(counted.stream_bytes), 0u);
  tell(peer_gone_atom::value, false);
  EXPECT_EQ(observed(counted.stream_bytes), 1u);
  EXPECT_EQ(counted.stream_bytes.sum(), client->received.size());
}

}  // namespace
}  // namespace event_relay
