#include "support/event_stream_parser.hpp"

#include <gtest/gtest.h>

#include <string_view>

// The judge of the other tests is judged by the examples of the HTML standard (9.2.6).
namespace event_relay::test {
namespace {

using namespace std::string_view_literals;
using events = std::vector<dispatched_event>;

TEST(EventStreamParser, JoinsLinesOfDataWithLineFeeds) {
  const event_stream_parser read("data: YHOO\ndata: +2\ndata: 10\n\n");
  EXPECT_EQ(read.events, (events{{"message", "YHOO\n+2\n10", ""}}));
}

TEST(EventStreamParser, ReadsTheFourBlocksOfTheStandard) {
  const event_stream_parser read(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n");
  EXPECT_EQ(read.comments, std::vector<std::string>{" test stream"});
  EXPECT_EQ(read.events, (events{{"message", "first event", "1"}, {"message", "second event", ""}}));
}

TEST(EventStreamParser, DispatchesEmptyDataButNoBlockThatIsNotEnded) {
  const event_stream_parser read("data\n\ndata\ndata\n\ndata:");
  EXPECT_EQ(read.events, (events{{"message", "", ""}, {"message", "\n", ""}}));
}

TEST(EventStreamParser, PassesOverOneSpaceAfterTheColon) {
  EXPECT_EQ(event_stream_parser("data:test\n\ndata: test\n\ndata:  test\n\n").events,
            (events{{"message", "test", ""}, {"message", "test", ""}, {"message", " test", ""}}));
}

TEST(EventStreamParser, TakesEveryKindOfLineEnd) {
  EXPECT_EQ(event_stream_parser("data: a\r\n\r\ndata: b\r\rdata: c\n\n").events,
            (events{{"message", "a", ""}, {"message", "b", ""}, {"message", "c", ""}}));
}

TEST(EventStreamParser, StripsOneByteOrderMark) {
  EXPECT_EQ(event_stream_parser("\xef\xbb\xbf""data: a\n\n").events.size(), 1u);
  EXPECT_EQ(event_stream_parser("\xef\xbb\xbf\xef\xbb\xbf""data: a\n\n").events.size(), 0u);
}

TEST(EventStreamParser, ForgetsTheTypeAndKeepsTheId) {
  EXPECT_EQ(event_stream_parser("event: a\nid: 1\ndata: x\n\nevent: b\n\ndata: y\n\n").events,
            (events{{"a", "x", "1"}, {"message", "y", "1"}}));
}

TEST(EventStreamParser, IgnoresAnIdWithNulAndARetryThatIsNoNumber) {
  const event_stream_parser read("id: 1\nid: 2\0\nretry: 3000\nretry: 3s\ndata: x\n\n"sv);
  EXPECT_EQ(read.last_event_id, "1");
  EXPECT_EQ(read.reconnection_time, "3000");
}

}  // namespace
}  // namespace event_relay::test
