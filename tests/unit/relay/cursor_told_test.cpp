#include "unit/relay/cursor_fixture.hpp"

namespace event_relay {
namespace {

using test::sample_log;
using test::topic_only;

/// Which id the subscriber has, and how far ahead of it the cursor is.
class CursorTold : public test::open_cursor_fixture {
 protected:
  CursorTold() { filtered.moving.enter(sample_log::first_epoch); }
  test::cursor_driver filtered{tail, topic_only(topic_id{2}), sse::body_framing::close_delimited};
};

TEST_F(CursorTold, NothingIsUntoldBehindAnEvent) {
  publish(3, topic_id{2});
  filtered.run();
  EXPECT_EQ(filtered.moving.untold(), 0u);
}

TEST_F(CursorTold, WhatTheFilterPassesOverIsUntoldUntilItIsTold) {
  publish(1, topic_id{2});
  publish(3, topic_id{1});
  filtered.run();
  EXPECT_EQ(filtered.moving.untold(), 3u);
  filtered.moving.tell_position();
  EXPECT_EQ(filtered.moving.untold(), 0u);
  filtered.run();
  EXPECT_EQ(filtered.received, log.on_wire(1, sse::body_framing::close_delimited) + "id: 7-4\n\n");
}

TEST_F(CursorTold, AnEventTellsWhatCameBeforeIt) {
  publish(3, topic_id{1});
  filtered.run();
  publish(1, topic_id{2});
  filtered.run();
  EXPECT_EQ(filtered.moving.untold(), 0u);
}

TEST_F(CursorTold, OfAWriteOnlyTheLastWantedEventTells) {
  publish(1, topic_id{2});
  publish(1, topic_id{1});
  publish(1, topic_id{2});
  publish(2, topic_id{1});
  filtered.step();
  EXPECT_EQ(filtered.moving.position(), 5u);
  EXPECT_EQ(filtered.moving.untold(), 2u);
}

TEST_F(CursorTold, AnEventThatIsHalfWrittenWillTell) {
  publish(2, topic_id{1});
  publish(1, topic_id{2});
  publish(2, topic_id{1});
  filtered.step(5);
  EXPECT_EQ(filtered.moving.untold(), 0u);
  filtered.run();
  EXPECT_EQ(filtered.moving.untold(), 2u);
}

TEST_F(CursorTold, AnIdThatTheClientBroughtNeedsNoTelling) {
  publish(4, topic_id{1});
  filtered.moving.move_to(3);
  EXPECT_EQ(filtered.moving.untold(), 3u);
  filtered.moving.knows_position();
  EXPECT_EQ(filtered.moving.untold(), 0u);
  filtered.run();
  EXPECT_EQ(filtered.moving.untold(), 1u);
}

TEST_F(CursorTold, ThePlaceOfAWordOfTheRelayIsTold) {
  publish(4, topic_id{1});
  filtered.run();
  filtered.moving.say_control("relay.live", "{}", {sample_log::first_epoch, 4});
  EXPECT_EQ(filtered.moving.untold(), 0u);
}

TEST_F(CursorTold, BehindWhatWasToldNothingIsUntold) {
  publish(4, topic_id{2});
  filtered.run();
  filtered.moving.move_to(2);
  EXPECT_EQ(filtered.moving.untold(), 0u);
}

TEST_F(CursorTold, AnEmptyJournalHasAPlaceToo) {
  filtered.moving.tell_position();
  filtered.run();
  EXPECT_EQ(filtered.received, "id: 7-0\n\n");
}

}  // namespace
}  // namespace event_relay
