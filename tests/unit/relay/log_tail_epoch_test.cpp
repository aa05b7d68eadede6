#include "event_relay/relay/log_tail.hpp"

#include "support/sample_log.hpp"

#include <gtest/gtest.h>

namespace event_relay {
namespace {

using test::sample_log;
using place = tail_window::place;

constexpr auto epoch = sample_log::first_epoch;
constexpr auto chunked = sse::body_framing::chunked;

class LogTailEpoch : public testing::Test {
 protected:
  LogTailEpoch() {
    tail.restart(epoch, 0);
    for (int i = 0; i < 5; ++i) log.add();
    log.feed(tail);
  }

  sample_log log;
  log_tail tail{1 << 20};
};

TEST_F(LogTailEpoch, ARestartForgetsEverything) {
  tail.restart(epoch + 1, 3);
  EXPECT_EQ(tail.head(), 3u);
  EXPECT_EQ(tail.epoch(), epoch + 1);
  EXPECT_EQ(tail.read_after(2).where, place::behind);
  EXPECT_EQ(tail.read_after(3).where, place::at_head);
  EXPECT_EQ(tail.read_after(5).where, place::at_head);
}

TEST_F(LogTailEpoch, AfterARestartOnlyTheNewHistoryIsTaken) {
  log.fork(4);
  log.add();
  tail.restart(epoch + 1, 3);
  const auto event = log.at(4);
  EXPECT_FALSE(tail.append(epoch, {&event, 1}));
  EXPECT_TRUE(tail.append(epoch + 1, {&event, 1}));
  const auto window = tail.read_after(3);
  EXPECT_EQ(window.where, place::inside);
  EXPECT_EQ(window.epoch, epoch + 1);
  EXPECT_EQ(window.segments[0]->chunk(0), log.on_wire(4, chunked));
}

TEST_F(LogTailEpoch, ARestartMayGoForwardsToo) {
  tail.restart(epoch, 900);
  EXPECT_EQ(tail.head(), 900u);
  EXPECT_EQ(tail.read_after(5).where, place::behind);
}

TEST_F(LogTailEpoch, WhatIsHeldSurvivesARestart) {
  const auto window = tail.read_after(0);
  tail.restart(epoch + 1, 0);
  EXPECT_EQ(window.segments[0]->chunk(4), log.on_wire(5, chunked));
}

TEST_F(LogTailEpoch, AfterARestartTheSizeIsCountedAnew) {
  log_tail small(600 << 10);
  for (epoch_t next = 1; next < 10; ++next) {
    small.restart(next, 0);
    log.feed(small);
  }
  // Two segments of about 280 KiB fit: the nine that were dropped must not count.
  const std::string large(200 << 10, 'x');
  for (position_t position = 6; position <= 7; ++position) {
    const event_view event{position, topic_id{1}, "", large};
    EXPECT_TRUE(small.append(9, {&event, 1}));
  }
  EXPECT_EQ(small.read_after(0).where, place::inside);
}

TEST_F(LogTailEpoch, GoesOnInAnotherEpochWithWhatIsThere) {
  log.fork(6);
  log.add();
  tail.continue_in(epoch + 1);
  EXPECT_EQ(tail.head(), 5u);
  EXPECT_EQ(tail.epoch(), epoch + 1);
  const auto event = log.at(6);
  EXPECT_FALSE(tail.append(epoch, {&event, 1}));
  EXPECT_TRUE(tail.append(epoch + 1, {&event, 1}));
  const auto window = tail.read_after(0);
  ASSERT_EQ(window.where, place::inside);
  EXPECT_EQ(window.epoch, epoch + 1);
  for (position_t position = 1; position <= 6; ++position)
    EXPECT_EQ(window.segments[0]->chunk(position - 1), log.on_wire(position, chunked)) << "each under its own epoch";
}

}  // namespace
}  // namespace event_relay
