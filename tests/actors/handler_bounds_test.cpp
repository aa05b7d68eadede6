#include "actors/handler_fixture.hpp"

// Streams that have an end of their own: after so many events, or at a time.
namespace event_relay {
namespace {

using namespace std::chrono_literals;

class HandlerBounds : public test::handler_fixture {
 protected:
  void add(int events) {
    for (int i = 0; i < events; ++i) log.add();
  }
  std::string frames(position_t first, position_t last) const {
    std::string bytes = "head";
    for (auto position = first; position <= last; ++position) bytes += log.on_wire(position, framing);
    return bytes;
  }
  void expect_complete(position_t first, position_t last) const {
    EXPECT_EQ(client->received, frames(first, last) + "0\r\n\r\n");
    EXPECT_EQ(client->ending, client_stream::ending::orderly);
    EXPECT_EQ(closed_for(close_reason::complete), 1u);
  }
  static timestamp soon(std::chrono::seconds left) {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) + left;
  }
};

TEST_F(HandlerBounds, ALimitIsReachedInTheReplay) {
  form.limit = 2;
  add(5);
  open_tail();
  connect(sse::start_earliest{});
  answer_pages();
  EXPECT_FALSE(asked.metadata);
  expect_complete(1, 2);
}

TEST_F(HandlerBounds, ALimitIsReachedLive) {
  form.limit = 3;
  add(2);
  open_tail();
  connect(sse::start_earliest{});
  answer_pages();
  EXPECT_FALSE(gone());
  publish(4);
  expect_complete(1, 3);
}

TEST_F(HandlerBounds, ALimitIsReachedByAClientThatIsSlow) {
  form.limit = 2;
  open_tail();
  client->room = 10;
  connect();
  publish(4);
  EXPECT_FALSE(gone());
  client->take();
  run();
  expect_complete(1, 2);
}

TEST_F(HandlerBounds, ALimitedStreamSaysThatItIsLiveAndKeepsItsLimit) {
  form.limit = 1;
  form.tells_live = true;
  open_tail();
  connect();
  EXPECT_FALSE(gone());
  publish(2);
  EXPECT_TRUE(client->received.ends_with(log.on_wire(1, framing) + "0\r\n\r\n"));
}

TEST_F(HandlerBounds, ATimeThatHasPassedEndsTheReplayAtItsFirstLateEvent) {
  form.until = log.time_of(3);
  add(5);
  open_tail();
  connect(sse::start_earliest{});
  EXPECT_TRUE(asked.metadata);
  answer_pages();
  expect_complete(1, 2);
}

TEST_F(HandlerBounds, ATimeThatHasPassedEndsTheReplayAtTheHead) {
  form.until = log.time_of(99);
  add(5);
  open_tail();
  connect(sse::start_earliest{});
  EXPECT_FALSE(gone());
  answer_pages();
  expect_complete(1, 5);
}

TEST_F(HandlerBounds, ATimeThatComesEndsTheStream) {
  form.until = soon(60s);
  open_tail();
  connect();
  publish(2);
  pass(60s);
  EXPECT_FALSE(gone());  // a commit may be under way
  pass(2s);
  EXPECT_TRUE(gone());
  EXPECT_TRUE(client->received.starts_with(frames(1, 2)));
  EXPECT_EQ(closed_for(close_reason::complete), 1u);
}

TEST_F(HandlerBounds, ATimeThatComesInTheReplayCutsNothingOff) {
  form.until = soon(1s);
  add(4);
  open_tail();
  connect(sse::start_earliest{});
  pass(3s);
  EXPECT_FALSE(gone());
  answer_pages();
  expect_complete(1, 4);
}

TEST_F(HandlerBounds, AnEndIsNoTimeToComeBackAfter) {
  form.limit = 1;
  open_tail();
  connect();
  publish(1);
  EXPECT_EQ(client->received.find("retry"), std::string::npos);
}

}  // namespace
}  // namespace event_relay
