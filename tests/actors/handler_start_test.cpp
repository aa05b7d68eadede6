#include "actors/handler_fixture.hpp"
#include "support/reset_frame.hpp"

#include "event_relay/sse/reset_event.hpp"

// An id that the client brings: beyond what this relay knows, or one that nothing can follow.
namespace event_relay {
namespace {

using sse::gap_reason;

class HandlerStart : public test::handler_fixture {
 protected:
  HandlerStart() {
    for (int i = 0; i < 5; ++i) log.add();
    open_tail();
  }
  static sse::start_point after(position_t position, std::optional<epoch_t> epoch = test::sample_log::first_epoch) {
    return sse::start_after{epoch, position, "the-id"};
  }
  std::string reset(gap_reason reason, std::string_view your_id, position_t resume) const {
    return framed(test::reset_frame(reason, your_id, {log.epoch(), resume}));
  }
};

TEST_F(HandlerStart, ALiveStreamHasWhatWasPublishedBeforeItsActorRan) {
  log.add();
  log.add();
  log.feed(context.tail);
  connect(sse::start_live{log.epoch(), 5});
  EXPECT_EQ(client->received, "head" + stream(5));
}

TEST_F(HandlerStart, AnIdBeyondTheHeadMakesItAskTheJournal) {
  connect(after(7));
  EXPECT_EQ(client->received, "head");
  EXPECT_EQ(asked.bounds, 1);
  EXPECT_TRUE(asked.pages.empty());
}

TEST_F(HandlerStart, AnIdThatTheJournalHasReachedIsFollowedWhenTheTailHas) {
  connect(after(7));
  log.add();
  log.add();
  log.add();
  answer_bounds();
  EXPECT_EQ(client->received, "head");
  log.feed(context.tail);
  wake();
  EXPECT_EQ(client->received, "head" + stream(7));
}

TEST_F(HandlerStart, AnIdThatTheJournalHasNotReachedIsAGap) {
  connect(after(7));
  answer_bounds();
  EXPECT_EQ(client->received, "head" + reset(gap_reason::future, "the-id", 0));
  EXPECT_EQ(asked.pages, std::vector<position_t>{0});
  answer_pages(10);
  EXPECT_EQ(client->received, "head" + reset(gap_reason::future, "the-id", 0) + stream(0));
}

TEST_F(HandlerStart, OnAGapItGoesOnLiveIfAskedTo) {
  on_gap = gap_policy::live;
  connect(after(7));
  answer_bounds();
  publish(1);
  EXPECT_EQ(client->received, "head" + reset(gap_reason::future, "the-id", 5) + stream(5));
}

TEST_F(HandlerStart, AMalformedIdIsAGapAndNoError) {
  connect(sse::start_malformed{"nonsense"});
  EXPECT_EQ(client->received, "head" + reset(gap_reason::malformed, "nonsense", 0));
  EXPECT_EQ(counted.resets[static_cast<std::size_t>(gap_reason::malformed)], 1u);
}

TEST_F(HandlerStart, AnIdThatRetentionHasOvertakenIsAGap) {
  tell_bounds(3);
  connect(after(2));
  EXPECT_EQ(client->received, "head" + reset(gap_reason::expired, "the-id", 3));
  answer_pages();
  EXPECT_EQ(client->received, "head" + reset(gap_reason::expired, "the-id", 3) + stream(3));
}

TEST_F(HandlerStart, TheOldestIdLeftIsNoGap) {
  tell_bounds(3);
  connect(after(3));
  answer_pages();
  EXPECT_EQ(client->received, "head" + stream(3));
}

TEST_F(HandlerStart, AnEpochThatTheJournalNeverHadIsAGap) {
  connect(after(2, 3));
  EXPECT_EQ(client->received, "head" + reset(gap_reason::unknown_epoch, "the-id", 0));
}

TEST_F(HandlerStart, ANewerEpochThanItKnowsMakesItAskTheJournal) {
  connect(after(2, test::sample_log::first_epoch + 1));
  EXPECT_EQ(asked.bounds, 1);
  log.fork(6);
  tell_bounds();
  context.tail.continue_in(log.epoch());
  answer_bounds();
  answer_pages();
  EXPECT_EQ(client->received, "head" + stream(2));
}

TEST_F(HandlerStart, BoundsOfAnEpochThatTheTailHasNotReachedAreAskedForAgain) {
  connect(after(2, test::sample_log::first_epoch + 1));
  log.fork(6);
  answer_bounds();
  EXPECT_EQ(client->received, "head");
  EXPECT_EQ(asked.bounds, 1);
}

TEST_F(HandlerStart, ABarePositionIsOfTheCurrentEpoch) {
  connect(after(3, std::nullopt));
  answer_pages();
  EXPECT_EQ(client->received, "head" + stream(3));
}

TEST_F(HandlerStart, BoundsThatComeTwiceAreTakenOnce) {
  connect(after(7));
  answer_bounds();
  const auto before = client->received;
  answer_bounds();
  EXPECT_EQ(client->received, before);
}

}  // namespace
}  // namespace event_relay
