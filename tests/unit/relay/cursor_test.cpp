#include "unit/relay/cursor_fixture.hpp"

namespace event_relay {
namespace {

using test::chunked;
using test::cursor_driver;
using test::sample_log;
using test::topic_only;

class Cursor : public test::cursor_fixture {};
class OpenCursor : public test::open_cursor_fixture {};

TEST_F(Cursor, WaitsWhileTheJournalWasNotOpened) {
  cursor_driver subscriber{tail, nullptr, chunked};
  EXPECT_EQ(subscriber.step(), cursor::need::wait);
  EXPECT_EQ(subscriber.moving.position(), 0u);
}

TEST_F(Cursor, WritesItsOwnBytesWhileTheJournalWasNotOpened) {
  cursor_driver subscriber{tail, nullptr, chunked};
  subscriber.moving.queue("head");
  EXPECT_FALSE(subscriber.moving.on_frame_boundary());
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  EXPECT_EQ(subscriber.received, "head");
  EXPECT_TRUE(subscriber.moving.on_frame_boundary());
}

TEST_F(OpenCursor, WaitsAtTheHeadOfAnEmptyJournal) {
  EXPECT_EQ(subscriber.step(), cursor::need::wait);
}

TEST_F(OpenCursor, WritesWhatIsPublishedWhileItWaits) {
  subscriber.run();
  publish(1);
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  publish(2);
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked));
  EXPECT_EQ(subscriber.moving.position(), 3u);
}

TEST_F(OpenCursor, StartsWhereItIsMovedTo) {
  publish(5);
  subscriber.moving.move_to(3);
  subscriber.run();
  EXPECT_EQ(subscriber.received, log.stream(3, nullptr, chunked));
}

TEST_F(OpenCursor, MovedToTheHeadItWritesOnlyWhatComesLater) {
  publish(5);
  subscriber.moving.move_to(5);
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  publish(1);
  subscriber.run();
  EXPECT_EQ(subscriber.received, log.on_wire(6, chunked));
}

TEST_F(OpenCursor, BeyondTheHeadItWaits) {
  publish(2);
  subscriber.moving.move_to(9);
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  EXPECT_EQ(subscriber.received, "");
}

TEST_F(OpenCursor, PutsItsOwnBytesBetweenFrames) {
  publish(2);
  subscriber.step(5);
  subscriber.moving.queue(":heartbeat\n");
  subscriber.run();
  EXPECT_EQ(subscriber.received, log.on_wire(1, chunked) + ":heartbeat\n" + log.on_wire(2, chunked));
}

TEST_F(OpenCursor, PassesOverWhatTheFilterDoesNotWant) {
  cursor_driver filtered{tail, topic_only(topic_id{2}), chunked};
  publish(3, topic_id{1});
  EXPECT_EQ(filtered.run(), cursor::need::wait);
  EXPECT_EQ(filtered.moving.position(), 3u);
  publish(1, topic_id{2});
  publish(1, topic_id{1});
  filtered.run();
  EXPECT_EQ(filtered.received, log.on_wire(4, chunked));
  EXPECT_EQ(filtered.moving.position(), 5u);
}

TEST_F(OpenCursor, WritesManyEventsWithOneWriteOfOneBuffer) {
  publish(500);
  write_plan plan;
  ASSERT_EQ(subscriber.moving.next(plan), cursor::need::write);
  EXPECT_EQ(plan.buffers().size(), 1u);
  EXPECT_EQ(plan.bytes(), log.stream(0, nullptr, chunked).size());
}

TEST_F(OpenCursor, BoundsWhatOneWriteGathers) {
  cursor_driver filtered{tail, topic_only(topic_id{2}), chunked};
  for (int i = 0; i < 400; ++i) publish(1, topic_id{i % 2 == 0 ? 1u : 2u});
  write_plan plan;
  ASSERT_EQ(filtered.moving.next(plan), cursor::need::write);
  EXPECT_EQ(plan.buffers().size(), write_plan::max_buffers);
  filtered.run();
  const filter wanted{{topic_id{2}}, {}};
  EXPECT_EQ(filtered.received, log.stream(0, &wanted, chunked));
}

TEST_F(OpenCursor, CrossesSegmentsOfTheTail) {
  log_tail large{64 << 20};
  large.restart(sample_log::first_epoch, 0);
  for (int i = 0; i < 5'000; ++i) log.add();
  for (int i = 0; i < 20; ++i) log.add(topic_id{1}, "big", std::string(200'000, 'x'));
  log.feed(large);
  cursor_driver reader{large, nullptr, chunked};
  EXPECT_EQ(reader.run(), cursor::need::wait);
  EXPECT_TRUE(reader.received == log.stream(0, nullptr, chunked));
}

}  // namespace
}  // namespace event_relay
