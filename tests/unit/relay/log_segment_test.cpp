#include "event_relay/relay/log_segment.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace event_relay {
namespace {

bool append(log_segment& segment, const event_view& event, epoch_t epoch = 7) {
  std::string bytes;
  const auto marks = serialise(bytes, event, epoch);
  return segment.append(bytes, marks);
}

TEST(LogSegment, IsEmptyAtFirst) {
  const log_segment segment(11, 4, 1'000);
  EXPECT_EQ(segment.size(), 0u);
  EXPECT_EQ(segment.first(), 11u);
  EXPECT_EQ(segment.last(), 10u);
}

TEST(LogSegment, SerialisesAFrameInsideAChunk) {
  std::string chunk = "replaced";
  const auto marks = serialise(chunk, {12, topic_id{3}, "created", "{}"}, 7);
  EXPECT_EQ(chunk, "22\r\nevent: created\ndata: {}\nid: 7-12\n\n\r\n");
  EXPECT_EQ(marks.chunk_head_bytes, 4u);
  EXPECT_EQ(marks.chunk_bytes, chunk.size());
  EXPECT_EQ(marks.aside_bytes, 0u);
}

TEST(LogSegment, GivesBackWhatWasAppended) {
  log_segment segment(11, 4, 1'000);
  ASSERT_TRUE(append(segment, {11, topic_id{3}, "created", "{}"}));
  ASSERT_TRUE(append(segment, {12, topic_id{4}, "", "a\nb"}));
  EXPECT_EQ(segment.size(), 2u);
  EXPECT_EQ(segment.last(), 12u);
  EXPECT_EQ(segment.at(0).topic, topic_id{3});
  EXPECT_EQ(segment.type(0), "created");
  EXPECT_EQ(segment.frame(0), "event: created\ndata: {}\nid: 7-11\n\n");
  EXPECT_EQ(segment.chunk(0), "22\r\nevent: created\ndata: {}\nid: 7-11\n\n\r\n");
  EXPECT_EQ(segment.at(1).topic, topic_id{4});
  EXPECT_EQ(segment.type(1), "");
  EXPECT_EQ(segment.frame(1), "data: a\ndata: b\nid: 7-12\n\n");
}

TEST(LogSegment, PutsChunksBackToBack) {
  log_segment segment(1, 4, 1'000);
  append(segment, {1, topic_id{1}, "", "1"});
  append(segment, {2, topic_id{1}, "", "2"});
  EXPECT_EQ(segment.chunk(0).data() + segment.chunk(0).size(), segment.chunk(1).data());
}

TEST(LogSegment, GivesBackTheDataThatAFrameWouldChange) {
  log_segment segment(1, 8, 10'000);
  const std::string_view data[] = {"", "one line", "a\nb\n", "a\r\nb", "\r", " data: x\n\n", "id: 1\ndata: 2"};
  for (position_t position = 1; const auto one : data)
    ASSERT_TRUE(append(segment, {position++, topic_id{1}, "data: x", one}));
  std::string room;
  for (std::size_t i = 0; i < std::size(data); ++i) EXPECT_EQ(segment.data(i, room), data[i]) << i;
}

TEST(LogSegment, KeepsTimeAndAttributesOutOfTheFrame) {
  const timestamp time{std::chrono::microseconds{1'764'000'000'000'001}};
  log_segment segment(1, 4, 1'000);
  ASSERT_TRUE(append(segment, {1, topic_id{1}, "", "a", time, R"({"source":"/x"})"}));
  ASSERT_TRUE(append(segment, {2, topic_id{1}, "", "a\r", time, R"({"id":"1"})"}));
  ASSERT_TRUE(append(segment, {3, topic_id{1}, "", "b"}));
  EXPECT_EQ(segment.at(0).stored_at, time);
  EXPECT_EQ(segment.attributes(0), R"({"source":"/x"})");
  EXPECT_EQ(segment.attributes(1), R"({"id":"1"})");
  EXPECT_EQ(segment.attributes(2), "");
  std::string room;
  EXPECT_EQ(segment.data(0, room), "a");
  EXPECT_EQ(segment.data(1, room), "a\r");
  EXPECT_EQ(segment.frame(0), "data: a\nid: 7-1\n\n");
}

TEST(LogSegment, RefusesMoreEventsThanItHasRoomFor) {
  log_segment segment(1, 2, 1'000);
  EXPECT_TRUE(append(segment, {1, topic_id{1}, "", "1"}));
  EXPECT_TRUE(append(segment, {2, topic_id{1}, "", "2"}));
  EXPECT_FALSE(append(segment, {3, topic_id{1}, "", "3"}));
  EXPECT_EQ(segment.last(), 2u);
}

TEST(LogSegment, RefusesMoreBytesThanItHasRoomForAndFillsTheLast) {
  std::string chunk;
  const auto marks = serialise(chunk, {1, topic_id{1}, "", "1"}, 7);
  log_segment segment(1, 9, 2 * chunk.size());
  EXPECT_TRUE(segment.append(chunk, marks));
  EXPECT_TRUE(segment.append(chunk, marks));
  EXPECT_FALSE(segment.append(chunk, marks));
  EXPECT_EQ(segment.chunk(1), chunk);
}

TEST(LogSegment, ALongTypeAndAMebibyteOfDataFit) {
  const std::string type(max_type_bytes, 't');
  const std::string data(1 << 20, 'd');
  log_segment segment(1, 1, (1 << 20) + 1'000);
  ASSERT_TRUE(append(segment, {1, topic_id{1}, type, data}));
  EXPECT_EQ(segment.type(0), type);
  EXPECT_EQ(segment.frame(0).size(),
            type.size() + data.size() + std::string_view("event: \ndata: \nid: 7-1\n\n").size());
}

TEST(LogSegment, ShowsTheMemoryItHoldsWhileItLives) {
  counters::gauge held{0};
  {
    const log_segment segment(1, 10, 1'000, &held);
    EXPECT_EQ(held, static_cast<std::int64_t>(segment.memory_bytes()));
    EXPECT_GE(held, 1'000);
  }
  EXPECT_EQ(held, 0);
}

}  // namespace
}  // namespace event_relay
