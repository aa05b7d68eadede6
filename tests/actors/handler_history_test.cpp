#include "actors/handler_fixture.hpp"
#include "support/reset_frame.hpp"

#include "event_relay/sse/reset_event.hpp"

// What a stream does when events are no more: removed by retention, or lost with the history they were part of.
namespace event_relay {
namespace {

using sse::gap_reason;

class HandlerHistory : public test::handler_fixture {
 protected:
  void add(int events, topic_id topic = topic_id{1}) {
    for (int i = 0; i < events; ++i) log.add(topic);
  }
  static sse::start_point after(position_t position, std::optional<epoch_t> epoch = test::sample_log::first_epoch) {
    return sse::start_after{epoch, position, "the-id"};
  }
  std::string reset(gap_reason reason, std::string_view your_id, position_t resume) const {
    return framed(test::reset_frame(reason, your_id, {log.epoch(), resume}));
  }
};

TEST_F(HandlerHistory, TellsWhatRetentionTookWhileItReplayed) {
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

TEST_F(HandlerHistory, AStreamThatWantsToBeLiveAfterAGapIsSoWhileItReplaysToo) {
  on_gap = gap_policy::live;
  add(6);
  open_tail();
  connect(after(1));
  tell_bounds(4);
  asked.pages.clear();
  answer_page(1, 0, 4);
  EXPECT_EQ(client->received, "head" + reset(gap_reason::expired, "7-1", 6));
  EXPECT_TRUE(asked.pages.empty());
  publish(1);
  EXPECT_EQ(client->received, "head" + reset(gap_reason::expired, "7-1", 6) + stream(6));
}

TEST_F(HandlerHistory, AnEmptyPageDoesNotMakeItDeaf) {
  add(3);
  open_tail();
  connect(after(0));
  publish(1);         // told while the page is awaited
  answer_page(0, 0);  // the database was set back a moment ago
  log.fork(1);
  tell_bounds();
  context.tail.restart(log.epoch(), 0);
  wake();
  publish(1);
  EXPECT_EQ(client->received, "head" + stream(0));
}

TEST_F(HandlerHistory, GoesOnInANewEpochThatLostNothingOfIt) {
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

TEST_F(HandlerHistory, TellsThatItsHistoryWasLost) {
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

TEST_F(HandlerHistory, APageOfALostHistoryIsNotWritten) {
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

TEST_F(HandlerHistory, FinishesAFrameOfALostHistoryBeforeItTells) {
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
