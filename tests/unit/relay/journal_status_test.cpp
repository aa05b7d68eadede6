#include "event_relay/relay/journal_status.hpp"

#include <gtest/gtest.h>

#include <future>

namespace event_relay {
namespace {

TEST(JournalStatus, KnowsNothingAtFirst) {
  const journal_status status;
  EXPECT_FALSE(status.bounds());
  EXPECT_FALSE(status.id_of("a"));
  EXPECT_EQ(status.name_of(topic_id{1}), "");
  EXPECT_FALSE(status.prepared || status.writable || status.readable);
}

TEST(JournalStatus, KeepsBoundsThatSomebodyStillReads) {
  journal_status status;
  status.set_bounds({{{5, 1}}, 0, 10});
  const auto old = status.bounds();
  status.set_bounds({{{5, 1}}, 3, 12});
  EXPECT_EQ(old->head, 10u);
  EXPECT_EQ(status.bounds()->head, 12u);
}

TEST(JournalStatus, KnowsTheNewestPositionOfTheHistoryThatCounts) {
  journal_status status;
  status.note_head(3);
  EXPECT_EQ(status.newest_known(), 3u);
  status.set_bounds({{{5, 1}}, 0, 10});
  status.note_head(12);
  status.note_head(11);
  status.set_bounds({{{5, 1}}, 0, 10});
  EXPECT_EQ(status.newest_known(), 12u);
  status.set_bounds({{{5, 1}, {6, 9}}, 0, 8});
  EXPECT_EQ(status.newest_known(), 8u) << "what was beyond is lost";
}

TEST(JournalStatus, CollectsTopics) {
  journal_status status;
  status.set_topics(std::vector<topic>{{topic_id{1}, "a"}});
  status.set_topics(std::vector<topic>{{topic_id{2}, "b"}});
  EXPECT_EQ(status.id_of("a"), topic_id{1});
  EXPECT_EQ(status.id_of("b"), topic_id{2});
  EXPECT_EQ(status.name_of(topic_id{2}), "b");
  EXPECT_TRUE(status.knows(topic_id{1}));
  EXPECT_FALSE(status.knows(topic_id{3}));
}

TEST(StopSignal, EndsAPauseAtOnce) {
  stop_signal stopping;
  auto paused = std::async(std::launch::async, [&] { return stopping.wait_for(std::chrono::hours(1)); });
  stopping.stop();
  EXPECT_FALSE(paused.get());
  EXPECT_TRUE(stopping.stopped());
  EXPECT_FALSE(stopping.wait_for(std::chrono::hours(1)));
}

TEST(StopSignal, LetsAPausePass) {
  const stop_signal stopping;
  EXPECT_TRUE(stopping.wait_for(std::chrono::milliseconds(1)));
  EXPECT_FALSE(stopping.stopped());
}

}  // namespace
}  // namespace event_relay
