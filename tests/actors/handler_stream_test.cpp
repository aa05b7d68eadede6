#include "actors/handler_fixture.hpp"

namespace event_relay {
namespace {

class HandlerStream : public test::handler_fixture {
 protected:
  void add(int events, topic_id topic = topic_id{1}) {
    for (int i = 0; i < events; ++i) log.add(topic);
  }
  static sse::start_point after(position_t position, std::optional<epoch_t> epoch = test::sample_log::first_epoch) {
    return sse::start_after{epoch, position, "the-id"};
  }
};

TEST_F(HandlerStream, WritesHeadAndPreambleBeforeTheJournalIsOpen) {
  connect();
  EXPECT_EQ(client->received, "head");
  EXPECT_EQ(counted.streams_opened, 1u);
}

TEST_F(HandlerStream, DecidesWhereToStartOnlyWhenTheTailOpens) {
  connect();
  add(3);
  open_tail();
  wake();
  EXPECT_EQ(client->received, "head");
  publish(1);
  EXPECT_EQ(client->received, "head" + stream(3));
}

TEST_F(HandlerStream, ReplaysFromTheStartWhenTheTailOpensAfterIt) {
  connect(sse::start_earliest{});
  add(3);
  open_tail();
  wake();
  EXPECT_EQ(asked.pages, std::vector<position_t>{0});
  answer_pages();
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerStream, WritesALiveEventAtOnce) {
  open_tail();
  connect();
  publish(1);
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerStream, WritesManyEventsWithOneCall) {
  open_tail();
  connect();
  const auto before = client->writes;
  publish(100);
  EXPECT_EQ(client->writes, before + 1);
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerStream, IsNotCarriedPastEventsByNewsOfAnotherHistory) {
  open_tail();
  connect();
  tell(advanced_atom::value, epoch_t{log.epoch() + 1}, position_t{3});
  publish(5);
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerStream, AsksForThePagesItNeedsOneByOne) {
  add(5);
  open_tail();
  connect(after(1));
  EXPECT_EQ(asked.pages, std::vector<position_t>{1});
  asked.pages.clear();
  answer_page(1, 2);
  EXPECT_EQ(asked.pages, std::vector<position_t>{3});
  asked.pages.clear();
  publish(1);
  answer_page(3, 2);
  EXPECT_TRUE(asked.pages.empty());
  EXPECT_EQ(client->received, "head" + stream(1));
}

TEST_F(HandlerStream, TakesNoPageThatItDidNotAskFor) {
  add(5);
  open_tail();
  connect(after(1));
  answer_page(0, 3);
  EXPECT_EQ(client->received, "head");
  answer_page(3, 2);
  EXPECT_EQ(client->received, "head");
  asked.pages = {1};
  answer_pages();
  EXPECT_EQ(client->received, "head" + stream(1));
}

TEST_F(HandlerStream, APageThatComesAfterTheTailIsIgnored) {
  open_tail();
  connect();
  publish(2);
  answer_page(0, 2);
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerStream, ABlockedHeartbeatDoesNotMakeItAskTwice) {
  add(9);
  open_tail();
  connect(after(0));
  client->room = 3;  // of the heartbeat, which is written while the page is under way
  pass(configuration.stream.heartbeat);
  ASSERT_TRUE(client->blocked());
  client->take();
  run();
  answer_page(0, 3);
  EXPECT_EQ(asked.pages, (std::vector<position_t>{0, 3}));
}

}  // namespace
}  // namespace event_relay
