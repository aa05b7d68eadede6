#include "unit/relay/cursor_fixture.hpp"

namespace event_relay {
namespace {

using test::chunked;
using test::cursor_driver;
using test::sample_log;
using test::topic_only;

class CursorCatchUp : public test::open_cursor_fixture {};

TEST_F(CursorCatchUp, BehindTheTailItAsksForPagesUntilItIsInside) {
  publish(5);
  evict();
  publish(2);
  EXPECT_EQ(subscriber.run(), cursor::need::page);
  subscriber.moving.take_page(log.page(0, 3));
  EXPECT_TRUE(subscriber.moving.holds_page());
  EXPECT_EQ(subscriber.run(), cursor::need::page);
  EXPECT_EQ(subscriber.moving.position(), 3u);
  subscriber.moving.take_page(log.page(3, 3));  // its last event is the tail's first, too
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked));
}

TEST_F(CursorCatchUp, AnEmptyPageChangesNothing) {
  publish(2);
  evict();
  EXPECT_EQ(subscriber.run(), cursor::need::page);
  subscriber.moving.take_page(log.page(0, 0));
  EXPECT_EQ(subscriber.run(), cursor::need::page);
  EXPECT_EQ(subscriber.moving.position(), 0u);
  EXPECT_EQ(subscriber.received, "");
}

TEST_F(CursorCatchUp, GoesBackToPagesWhenTheTailMovesPastIt) {
  publish(2);
  subscriber.run();
  publish(4);
  evict();
  EXPECT_EQ(subscriber.run(), cursor::need::page);
  subscriber.catch_up(log, 1);
  publish(1);
  subscriber.run();
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked));
}

TEST_F(CursorCatchUp, KeepsTheRestOfAFrameWhileTheTailMovesPastIt) {
  publish(4);
  const auto first = log.on_wire(1, chunked).size();
  subscriber.step(first + 5);
  EXPECT_FALSE(subscriber.moving.on_frame_boundary());
  publish(1);
  evict();
  EXPECT_EQ(subscriber.step(), cursor::need::write);
  EXPECT_TRUE(subscriber.moving.on_frame_boundary());
  EXPECT_EQ(subscriber.moving.position(), 2u);
  EXPECT_EQ(subscriber.run(), cursor::need::page);
  subscriber.catch_up(log, 2);
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked));
}

TEST_F(CursorCatchUp, AsksAgainForAPageItDropped) {
  publish(4);
  evict();
  subscriber.run();
  subscriber.moving.take_page(log.page(0, 4));
  subscriber.step(log.on_wire(1, chunked).size() + 3);
  subscriber.moving.drop_page();
  EXPECT_FALSE(subscriber.moving.holds_page());
  EXPECT_EQ(subscriber.run(), cursor::need::page);
  EXPECT_EQ(subscriber.moving.position(), 2u);
  subscriber.catch_up(log);
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked));
}

TEST_F(CursorCatchUp, AnotherHistoryTakesItsPageAway) {
  publish(4);
  evict();
  subscriber.run();
  subscriber.moving.take_page(log.page(0, 4));
  subscriber.moving.move_to(1);
  EXPECT_FALSE(subscriber.moving.holds_page());
  EXPECT_EQ(subscriber.run(), cursor::need::page);
}

TEST_F(CursorCatchUp, WritesNothingOfAHistoryThatItHasNotEntered) {
  subscriber.moving.enter(sample_log::first_epoch);
  publish(2);
  subscriber.run();
  tail.restart(sample_log::first_epoch + 1, 0);
  log.feed(tail);
  EXPECT_EQ(subscriber.run(), cursor::need::enter);
  publish(2);
  EXPECT_EQ(subscriber.run(), cursor::need::enter);
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked).substr(0, subscriber.received.size()));
  EXPECT_EQ(subscriber.moving.position(), 2u);
  subscriber.moving.enter(sample_log::first_epoch + 1);
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  EXPECT_EQ(subscriber.moving.position(), 4u);
}

TEST_F(CursorCatchUp, FinishesAFrameOfItsOwnHistoryAfterItsEnd) {
  subscriber.moving.enter(sample_log::first_epoch);
  publish(2);
  subscriber.step(5);
  tail.restart(sample_log::first_epoch + 1, 0);
  EXPECT_EQ(subscriber.run(), cursor::need::enter);
  EXPECT_EQ(subscriber.received, log.on_wire(1, chunked));
}

TEST_F(CursorCatchUp, LeavesAPageForTheTailAsSoonAsThePageIsWritten) {
  publish(3);
  evict();
  subscriber.run();
  subscriber.moving.take_page(log.page(0, 3));
  publish(2);
  subscriber.run();
  EXPECT_FALSE(subscriber.moving.holds_page());
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked));
}

TEST_F(CursorCatchUp, PassesOverWholePagesThatTheFilterDoesNotWant) {
  cursor_driver filtered{tail, topic_only(topic_id{2}), chunked};
  publish(6, topic_id{1});
  publish(1, topic_id{2});
  evict();
  filtered.catch_up(log, 2);
  EXPECT_EQ(filtered.received, log.on_wire(7, chunked));
  EXPECT_EQ(filtered.moving.position(), 7u);
}

}  // namespace
}  // namespace event_relay
