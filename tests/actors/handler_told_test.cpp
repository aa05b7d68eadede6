#include "actors/handler_fixture.hpp"
#include "support/reset_frame.hpp"

// What a stream says of itself when it is asked to: that it is live, and where it is.
namespace event_relay {
namespace {

class HandlerTold : public test::handler_fixture {
 protected:
  HandlerTold() { configuration.stream.closed_check = configuration.stream.heartbeat * 100; }
  void add(int events, topic_id topic = topic_id{1}) {
    for (int i = 0; i < events; ++i) log.add(topic);
  }
  void connect_to_topic(sse::start_point start) {
    connect(std::move(start), std::make_shared<filter>(filter{{topic_id{2}}, {}}));
  }
  std::string id(position_t position) const { return framed("id: " + to_string({log.epoch(), position}) + "\n\n"); }
  std::string live(position_t position) const {
    const auto place = to_string({log.epoch(), position});
    return framed("event: relay.live\ndata: {\"id\":\"" + place + "\"}\nid: " + place + "\n\n");
  }
};

class HandlerLive : public HandlerTold {
 protected:
  HandlerLive() { form.tells_live = true; }
};

class HandlerCursor : public HandlerTold {
 protected:
  HandlerCursor() { form.tells_cursor = true; }
};

TEST_F(HandlerLive, IsSaidOnceAfterTheReplay) {
  add(4);
  open_tail();
  connect(sse::start_earliest{});
  answer_page(0, 2);
  EXPECT_EQ(client->received, "head" + log.on_wire(1, framing) + log.on_wire(2, framing));
  asked.pages.clear();
  answer_page(2, 2);
  EXPECT_EQ(client->received, "head" + stream(0) + live(4));
  const auto replayed = client->received;
  publish(2);
  EXPECT_EQ(client->received, replayed + stream(4));
}

TEST_F(HandlerLive, IsSaidAtOnceWhenNothingIsReplayed) {
  add(3);
  open_tail();
  connect();
  EXPECT_EQ(client->received, "head" + live(3));
}

TEST_F(HandlerLive, IsNotSaidAgainWhenTheTailHasMovedPastTheStream) {
  open_tail();
  connect();
  add(3);
  context.tail.restart(log.epoch(), log.head());
  wake();
  answer_pages();
  EXPECT_EQ(client->received, "head" + live(0) + stream(0));
}

TEST_F(HandlerLive, IsNotSaidAgainInANewEpoch) {
  open_tail();
  connect();
  log.fork(1);
  tell_bounds();
  context.tail.continue_in(log.epoch());
  wake();
  publish(1);
  EXPECT_EQ(client->received.find("relay.live", client->received.find("relay.live") + 1), std::string::npos);
}

TEST_F(HandlerLive, IsSaidByLinesToo) {
  form.as = envelope::lines;
  open_tail();
  connect();
  EXPECT_NE(client->received.find(R"("type":"relay.live")"), std::string::npos);
}

TEST_F(HandlerCursor, IsToldAtTheStartToAClientWithoutAnId) {
  add(3);
  open_tail();
  connect_to_topic(sse::start_live{});
  EXPECT_EQ(client->received, "head" + id(3));
}

TEST_F(HandlerCursor, IsNotToldToAClientThatBroughtIt) {
  add(3);
  open_tail();
  connect_to_topic(sse::start_after{log.epoch(), 3, "7-3"});
  EXPECT_EQ(client->received, "head");
}

TEST_F(HandlerCursor, IsNotToldBesideAReset) {
  add(3);
  open_tail();
  connect_to_topic(sse::start_malformed{"?"});
  EXPECT_EQ(client->received, "head" + framed(test::reset_frame(sse::gap_reason::malformed, "?", {log.epoch(), 0})));
}

TEST_F(HandlerCursor, IsToldInsteadOfAHeartbeatWhenItHasMoved) {
  open_tail();
  connect_to_topic(sse::start_live{});
  publish(5, topic_id{1});
  EXPECT_EQ(client->received, "head" + id(0));
  pass(configuration.stream.heartbeat);
  EXPECT_EQ(client->received, "head" + id(0) + id(5));
  pass(configuration.stream.heartbeat);
  EXPECT_EQ(client->received, "head" + id(0) + id(5) + framed(":heartbeat\n"));
}

TEST_F(HandlerCursor, IsNotToldTwice) {
  open_tail();
  connect_to_topic(sse::start_live{});
  publish(1, topic_id{2});
  pass(configuration.stream.heartbeat);
  EXPECT_EQ(client->received, "head" + id(0) + stream(0) + framed(":heartbeat\n"));
}

TEST_F(HandlerCursor, IsToldWhereTheHolderHasSeenThatNothingIsWanted) {
  open_tail();
  connect_to_topic(sse::start_live{});
  add(4, topic_id{1});
  log.feed(context.tail);
  wake(4);
  pass(configuration.stream.heartbeat);
  EXPECT_EQ(client->received, "head" + id(0) + id(4));
}

TEST_F(HandlerCursor, IsToldNowAndThenWithinAFilteredReplay) {
  add(2'500, topic_id{1});
  add(1, topic_id{2});
  open_tail();
  connect_to_topic(sse::start_earliest{});
  answer_pages(500);
  EXPECT_EQ(client->received, "head" + id(0) + id(1'000) + id(2'000) + stream(2'500));
}

TEST_F(HandlerCursor, IsToldAtTheHeadWhenMuchWasPassedOver) {
  open_tail();
  connect_to_topic(sse::start_live{});
  publish(1'200, topic_id{1});
  EXPECT_EQ(client->received, "head" + id(0) + id(1'200));
}

TEST_F(HandlerCursor, IsNotToldIntoAHalfWrittenFrame) {
  open_tail();
  connect_to_topic(sse::start_live{});
  client->room = 9;
  publish(1, topic_id{2});
  publish(2'000, topic_id{1});
  pass(configuration.stream.heartbeat * 2);
  client->take();
  run();
  EXPECT_EQ(client->received, "head" + id(0) + stream(0) + id(2'001));
}

TEST_F(HandlerTold, NothingOfItIsSaidUnasked) {
  add(2'000, topic_id{1});
  open_tail();
  connect_to_topic(sse::start_earliest{});
  answer_pages(500);
  pass(configuration.stream.heartbeat);
  EXPECT_EQ(client->received, "head" + framed(":heartbeat\n"));
}

}  // namespace
}  // namespace event_relay
