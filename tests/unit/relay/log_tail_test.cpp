#include "event_relay/relay/log_tail.hpp"
#include "support/sample_log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace event_relay {
namespace {

using place = tail_window::place;
constexpr epoch_t epoch = test::sample_log::first_epoch;

class LogTail : public testing::Test {
 protected:
  bool append(position_t first, position_t last, epoch_t of = epoch) {
    while (log.head() < last) log.add();
    std::vector<event_view> events;
    for (auto position = first; position <= last; ++position) events.push_back(log.at(position));
    return tail.append(of, events);
  }
  /// Everything after `position` that the tail gives out, frame by frame.
  std::string frames(const log_tail& of, position_t position) const {
    std::string all;
    for (;;) {
      const auto window = of.read_after(position);
      if (window.where != place::inside) return all;
      for (std::size_t i = 0; i < window.count; ++i) {
        const auto& segment = *window.segments[i];
        EXPECT_LE(segment.first(), position + 1);
        for (; position < segment.last(); ++position)
          all += segment.frame(static_cast<std::size_t>(position + 1 - segment.first()));
      }
    }
  }
  std::string expected(position_t after) const {
    return log.stream(after, nullptr, sse::body_framing::close_delimited);
  }

  counters counted;
  test::sample_log log;
  log_tail tail{1 << 20, &counted};
};

TEST_F(LogTail, IsClosedAtFirst) {
  EXPECT_EQ(tail.epoch(), 0u);
  EXPECT_EQ(tail.read_after(0).where, place::closed);
  EXPECT_FALSE(append(1, 1));
}

TEST_F(LogTail, BeginsWithNothingInMemory) {
  tail.restart(epoch, 10);
  EXPECT_EQ(tail.head(), 10u);
  EXPECT_EQ(tail.epoch(), epoch);
  EXPECT_EQ(tail.read_after(10).where, place::at_head);
  EXPECT_EQ(tail.read_after(9).where, place::behind);
  EXPECT_EQ(tail.read_after(11).where, place::at_head);
}

TEST_F(LogTail, GivesOutWhatFollowsAPosition) {
  tail.restart(epoch, 0);
  ASSERT_TRUE(append(1, 5));
  EXPECT_EQ(tail.head(), 5u);
  for (position_t position = 0; position <= 5; ++position) EXPECT_EQ(frames(tail, position), expected(position));
  EXPECT_EQ(counted.events_tailed, 5u);
}

TEST_F(LogTail, SaysWhatIsBehindItsBeginning) {
  for (int i = 0; i < 10; ++i) log.add();
  tail.restart(epoch, 10);
  ASSERT_TRUE(append(11, 12));
  EXPECT_EQ(tail.read_after(9).where, place::behind);
  EXPECT_EQ(tail.read_after(10).where, place::inside);
  EXPECT_EQ(frames(tail, 10), expected(10));
}

TEST_F(LogTail, PassesOverWhatItHasWhoeverBringsIt) {
  tail.restart(epoch, 0);
  EXPECT_TRUE(append(1, 3));  // the writer
  EXPECT_TRUE(append(1, 4));  // the tailer
  EXPECT_TRUE(append(2, 3));
  EXPECT_TRUE(append(5, 6));
  EXPECT_TRUE(append(6, 6));
  EXPECT_EQ(frames(tail, 0), expected(0));
  EXPECT_EQ(counted.events_tailed, 6u);
}

TEST_F(LogTail, RefusesAHole) {
  tail.restart(epoch, 0);
  ASSERT_TRUE(append(1, 2));
  EXPECT_FALSE(append(4, 5));
  EXPECT_EQ(tail.head(), 2u);
  EXPECT_TRUE(append(3, 5));
  EXPECT_EQ(frames(tail, 0), expected(0));
}

TEST_F(LogTail, RefusesEventsOfAnotherEpoch) {
  tail.restart(epoch, 0);
  EXPECT_FALSE(append(1, 1, epoch + 1));
  EXPECT_FALSE(append(1, 1, epoch - 1));
  EXPECT_EQ(tail.head(), 0u);
}

TEST_F(LogTail, RefusesNothingAtAll) {
  tail.restart(epoch, 0);
  EXPECT_FALSE(tail.append(epoch, {}));
}

TEST_F(LogTail, GoesOnInAnotherEpochWithWhatItHas) {
  tail.restart(epoch, 0);
  append(1, 2);
  const auto before = frames(tail, 0);
  tail.continue_in(epoch + 1);
  EXPECT_EQ(tail.epoch(), epoch + 1);
  EXPECT_FALSE(append(3, 3));
  EXPECT_TRUE(append(3, 3, epoch + 1));
  EXPECT_EQ(tail.read_after(0).epoch, epoch + 1);
  EXPECT_EQ(frames(tail, 0), before + "data: {\"n\":3}\nid: 8-3\n\n");
}

TEST_F(LogTail, StartsAnewInAnotherHistory) {
  tail.restart(epoch, 0);
  append(1, 5);
  tail.restart(epoch + 1, 2);
  EXPECT_EQ(tail.head(), 2u);
  EXPECT_EQ(tail.read_after(1).where, place::behind);
  EXPECT_EQ(tail.read_after(2).where, place::at_head);
  EXPECT_EQ(tail.read_after(5).where, place::at_head);
  EXPECT_TRUE(append(3, 3, epoch + 1));
  EXPECT_EQ(frames(tail, 2), "data: {\"n\":3}\nid: 8-3\n\n");
}

TEST_F(LogTail, AWindowOutlivesWhatTheTailForgets) {
  tail.restart(epoch, 0);
  append(1, 3);
  const auto window = tail.read_after(0);
  tail.restart(epoch + 1, 0);
  ASSERT_EQ(window.count, 1u);
  EXPECT_EQ(window.epoch, epoch);
  EXPECT_EQ(window.segments[0]->frame(2), "data: {\"n\":3}\nid: 7-3\n\n");
}

TEST_F(LogTail, ForgetsTheOldestWhenItIsFull) {
  log_tail small{1 << 20};
  small.restart(epoch, 0);
  for (int i = 0; i < 40; ++i) log.add(topic_id{1}, "", std::string(100'000, 'x'));
  log.feed(small);
  EXPECT_EQ(small.head(), 40u);
  EXPECT_EQ(small.read_after(0).where, place::behind);
  position_t first = 0;
  while (small.read_after(first).where == place::behind) ++first;
  EXPECT_GE(40 - first, 4u);   // it uses the room it has
  EXPECT_LE(40 - first, 10u);  // and no more
  EXPECT_TRUE(frames(small, first) == expected(first));
}

TEST_F(LogTail, KeepsTheNewestHoweverLittleRoomThereIs) {
  log_tail tiny{1};
  tiny.restart(epoch, 0);
  for (int i = 0; i < 3'000; ++i) log.add();
  log.feed(tiny);
  EXPECT_EQ(tiny.read_after(2'999).where, place::inside);
  EXPECT_EQ(tiny.read_after(0).where, place::behind);
}

TEST_F(LogTail, TakesEventsLargerThanASegment) {
  log_tail large{16 << 20};
  large.restart(epoch, 0);
  log.add();
  log.add(topic_id{1}, "", std::string(1 << 20, 'x'));
  log.add();
  log.add(topic_id{1}, "", std::string(3 << 20, 'y'));
  log.add();
  log.feed(large);
  for (position_t position = 0; position <= 5; ++position)
    EXPECT_TRUE(frames(large, position) == expected(position)) << position;
}

TEST_F(LogTail, WindowsOfManySegmentsGiveEverythingInTurn) {
  log_tail large{64 << 20};
  large.restart(epoch, 0);
  for (int i = 0; i < 10'000; ++i) log.add();
  log.feed(large);
  const auto all = expected(0);
  EXPECT_TRUE(frames(large, 0) == all);
  const auto window = large.read_after(1'500);
  EXPECT_EQ(window.count, window.segments.size());
  EXPECT_LE(window.segments[0]->first(), 1'501u);
  EXPECT_GE(window.segments[0]->last(), 1'501u);
}

}  // namespace
}  // namespace event_relay
