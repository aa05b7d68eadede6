#include "actors/handler_fixture.hpp"

#include "event_relay/sse/frame.hpp"
#include "event_relay/sse/reset_event.hpp"

namespace event_relay {
namespace {

using sse::gap_reason;

class HandlerStream : public test::handler_fixture {
 protected:
  void add(int events, topic_id topic = topic_id{1}) {
    for (int i = 0; i < events; ++i) log.add(topic);
  }
  static sse::start_point after(position_t position, std::optional<epoch_t> epoch = test::sample_log::first_epoch) {
    return sse::start_after{epoch, position, "the-id"};
  }
  std::string reset(gap_reason reason, std::string_view your_id, position_t resume) const {
    return framed(sse::reset_frame(reason, your_id, {log.epoch(), resume}));
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

TEST_F(HandlerStream, TellsWhatRetentionTookWhileItReplayed) {
  add(6);
  open_tail();
  connect(after(1));
  tell_bounds(4);
  asked.pages.clear();
  answer_page(1, 0, 4);  // nothing follows the position any more
  EXPECT_EQ(client->received, "head" + reset(gap_reason::expired, "7-1", 4));
  EXPECT_EQ(asked.pages, std::vector<position_t>{4});
  answer_pages();
  EXPECT_EQ(client->received, "head" + reset(gap_reason::expired, "7-1", 4) + stream(4));
  EXPECT_EQ(counted.resets[static_cast<std::size_t>(gap_reason::expired)], 1u);
}

TEST_F(HandlerStream, AnEmptyPageDoesNotMakeItDeaf) {
  add(3);
  open_tail();
  connect(after(0));
  publish(1);  // told while the page is awaited
  answer_page(0, 0);  // the database was set back a moment ago
  log.fork(1);
  tell_bounds();
  context.tail.restart(log.epoch(), 0);
  wake();
  publish(1);
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerStream, GoesOnInANewEpochThatLostNothingOfIt) {
  open_tail();
  connect();
  publish(3);
  log.fork(4);
  tell_bounds();
  context.tail.continue_in(log.epoch());
  wake();
  publish(1);
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerStream, TellsThatItsHistoryWasLost) {
  open_tail();
  connect();
  publish(3);
  const auto before = client->received;
  log.fork(3);
  tell_bounds();
  context.tail.restart(log.epoch(), 2);
  wake();
  publish(2);
  EXPECT_EQ(client->received, before + reset(gap_reason::history_lost, "7-3", 2) + stream(2));
}

TEST_F(HandlerStream, APageOfALostHistoryIsNotWritten) {
  add(5);
  open_tail();
  connect(after(2));
  ASSERT_EQ(asked.pages.size(), 1u);
  auto page = std::make_shared<replay_page>();
  page->epoch = log.epoch();
  page->events = log.page(2, 3);
  log.fork(2);
  tell_bounds();
  context.tail.restart(log.epoch(), 1);
  wake();
  tell(page_atom::value, replay_page_ptr(page));
  EXPECT_EQ(client->received, "head" + reset(gap_reason::history_lost, "7-2", 1));
  publish(2);
  EXPECT_EQ(client->received, "head" + reset(gap_reason::history_lost, "7-2", 1) + stream(1));
}

TEST_F(HandlerStream, FinishesAFrameOfALostHistoryBeforeItTells) {
  open_tail();
  connect();
  client->room = 10;
  publish(2);
  const auto first = log.on_wire(1, framing);
  log.fork(1);
  tell_bounds();
  context.tail.restart(log.epoch(), 0);
  wake();
  client->take();
  run();
  EXPECT_EQ(client->received, "head" + first + reset(gap_reason::history_lost, "7-1", 0));
}

}  // namespace
}  // namespace event_relay
