#include "event_relay/sse/frame.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace event_relay::sse {
namespace {

using namespace std::chrono_literals;

constexpr event_id some_id{4711, 42};

std::string frame_of(std::string_view type, std::string_view data, event_id id = some_id) {
  std::string frame;
  append_frame(frame, type, data, id);
  return frame;
}

TEST(Frame, HasTypeDataAndIdInThisOrder) {
  EXPECT_EQ(frame_of("created", "{\"a\":1}"), "event: created\ndata: {\"a\":1}\nid: 4711-42\n\n");
}

TEST(Frame, WithoutATypeHasNoEventLine) { EXPECT_EQ(frame_of("", "x"), "data: x\nid: 4711-42\n\n"); }

TEST(Frame, HasADataLineEvenWithoutData) { EXPECT_EQ(frame_of("", ""), "data: \nid: 4711-42\n\n"); }

TEST(Frame, SplitsDataAtEveryKindOfLineEnd) {
  const std::string lines = "data: a\ndata: b\nid: 4711-42\n\n";
  EXPECT_EQ(frame_of("", "a\nb"), lines);
  EXPECT_EQ(frame_of("", "a\rb"), lines);
  EXPECT_EQ(frame_of("", "a\r\nb"), lines);
  EXPECT_EQ(frame_of("", "a\n\rb"), "data: a\ndata: \ndata: b\nid: 4711-42\n\n");
  EXPECT_EQ(frame_of("", "a\r\r\nb"), "data: a\ndata: \ndata: b\nid: 4711-42\n\n");
}

TEST(Frame, KeepsEmptyLinesAtTheEnds) {
  EXPECT_EQ(frame_of("", "\n"), "data: \ndata: \nid: 4711-42\n\n");
  EXPECT_EQ(frame_of("", "a\n"), "data: a\ndata: \nid: 4711-42\n\n");
  EXPECT_EQ(frame_of("", "\r\na"), "data: \ndata: a\nid: 4711-42\n\n");
  EXPECT_EQ(frame_of("", "a\r"), "data: a\ndata: \nid: 4711-42\n\n");
}

TEST(Frame, KeepsBlanksAndColonsOfTheData) {
  EXPECT_EQ(frame_of("", " a"), "data:  a\nid: 4711-42\n\n");
  EXPECT_EQ(frame_of("", ":a\nid: 1\n\tdata: "), "data: :a\ndata: id: 1\ndata: \tdata: \nid: 4711-42\n\n");
}

TEST(Frame, DoesNotSplitWhereOnlySomeClientsWould) {
  EXPECT_EQ(frame_of("", "a\xe2\x80\xa8" "b\xc2\x85" "c\v\fd"), "data: a\xe2\x80\xa8" "b\xc2\x85" "c\v\fd\nid: 4711-42\n\n");
}

TEST(Frame, WritesTheLargestId) {
  EXPECT_EQ(frame_of("", "", {std::numeric_limits<epoch_t>::max(), std::numeric_limits<position_t>::max()}),
            "data: \nid: 4294967295-18446744073709551615\n\n");
}

TEST(Frame, IsAppended) {
  std::string out = "before|";
  append_frame(out, "", "x", some_id);
  EXPECT_EQ(out, "before|data: x\nid: 4711-42\n\n");
}

TEST(Preamble, IsACommentAndTheReconnectionTimeWithoutABlankLine) {
  EXPECT_EQ(preamble(3000ms), ":ok\nretry: 3000\n");
  EXPECT_EQ(retry_line(0ms), "retry: 0\n");
  EXPECT_EQ(retry_line(1h), "retry: 3600000\n");
}

TEST(Heartbeat, IsACommentWithoutABlankLine) { EXPECT_EQ(heartbeat, ":heartbeat\n"); }

}  // namespace
}  // namespace event_relay::sse
