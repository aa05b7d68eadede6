#include "actors/handler_fixture.hpp"

#include "event_relay/sse/frame.hpp"

namespace event_relay {
namespace {

class HandlerHeartbeat : public test::handler_fixture {
 protected:
  HandlerHeartbeat() { configuration.stream.closed_check = configuration.stream.heartbeat * 100; }
  std::string beat() const { return framed(sse::heartbeat); }
  std::chrono::milliseconds interval() const { return configuration.stream.heartbeat; }
};

TEST_F(HandlerHeartbeat, ComesAfterSilenceAndNotBefore) {
  open_tail();
  connect();
  pass(interval() - std::chrono::milliseconds(1));
  EXPECT_EQ(client->received, "head");
  pass(std::chrono::milliseconds(1));
  EXPECT_EQ(client->received, "head" + beat());
  EXPECT_EQ(counted.heartbeats, 1u);
}

TEST_F(HandlerHeartbeat, ComesAgainAfterTheSameSilence) {
  open_tail();
  connect();
  pass(interval() * 5);
  EXPECT_EQ(client->received, "head" + beat() + beat() + beat() + beat() + beat());
  EXPECT_EQ(waiting_for(turn::heartbeat), 1u);
}

TEST_F(HandlerHeartbeat, ComesWhileTheJournalIsNotOpen) {
  connect();
  pass(interval());
  EXPECT_EQ(client->received, "head" + beat());
}

TEST_F(HandlerHeartbeat, ComesWhileAPageIsAwaited) {
  log.add();
  open_tail();
  connect(sse::start_earliest{});
  pass(interval() * 2);
  EXPECT_EQ(client->received, "head" + beat() + beat());
  EXPECT_EQ(asked.pages.size(), 1u);
  answer_pages();
  EXPECT_EQ(client->received, "head" + beat() + beat() + stream(0));
}

TEST_F(HandlerHeartbeat, ComesWhileBoundsAreAwaited) {
  open_tail();
  connect(sse::start_after{log.epoch(), 5, "7-5"});
  pass(interval() * 2);
  EXPECT_EQ(client->received, "head" + beat() + beat());
  EXPECT_EQ(asked.bounds, 1);
}

TEST_F(HandlerHeartbeat, IsPutOffByTraffic) {
  open_tail();
  connect();
  pass(interval() / 2);
  publish(1);
  pass(interval() - std::chrono::milliseconds(1));
  EXPECT_EQ(client->received, "head" + stream(0));
  pass(std::chrono::milliseconds(1));
  EXPECT_EQ(client->received, "head" + stream(0) + beat());
}

TEST_F(HandlerHeartbeat, IsNotWrittenIntoAHalfWrittenFrame) {
  open_tail();
  connect();
  client->room = 9;
  publish(1);
  ASSERT_TRUE(client->blocked());
  pass(interval() * 3);
  EXPECT_EQ(client->received, "head" + stream(0).substr(0, 9));
  client->take();
  run();
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerHeartbeat, ToABlockedClientComesOnlyAfterItHasTakenTheRest) {
  open_tail();
  connect();
  client->room = 9;
  publish(1);
  pass(interval() * 3);
  EXPECT_EQ(waiting_for(turn::heartbeat), 0u);
  client->take();
  run();
  EXPECT_EQ(waiting_for(turn::heartbeat), 1u);
  pass(interval());
  EXPECT_EQ(client->received, "head" + stream(0) + beat());
}

TEST_F(HandlerHeartbeat, TheNextIsScheduledOnlyAfterTheLastWasWritten) {
  open_tail();
  connect();
  client->room = 3;
  pass(interval());
  EXPECT_TRUE(client->blocked());
  EXPECT_EQ(waiting_for(turn::heartbeat), 0u);
  pass(interval() * 4);
  EXPECT_EQ(client->received, "head" + beat().substr(0, 3));
  client->take();
  run();
  EXPECT_EQ(client->received, "head" + beat());
  EXPECT_EQ(waiting_for(turn::heartbeat), 1u);
}

TEST_F(HandlerHeartbeat, IsOneCommentLineWithoutChunksInHttp10) {
  framing = sse::body_framing::close_delimited;
  open_tail();
  connect();
  pass(interval());
  EXPECT_EQ(client->received, "head:heartbeat\n");
}

TEST_F(HandlerHeartbeat, IsWaitedForOnceWhateverHappens) {
  open_tail();
  connect();
  for (int i = 0; i < 50; ++i) {
    publish(1);
    pass(interval() / 10);
  }
  EXPECT_EQ(waiting_for(turn::heartbeat), 1u);
}

}  // namespace
}  // namespace event_relay
