#include "event_relay/core/utf8.hpp"
#include "event_relay/sse/reset_event.hpp"
#include "support/event_stream_parser.hpp"
#include "support/reset_frame.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace event_relay::sse {
namespace {

using test::event_stream_parser;
using test::reset_frame;

TEST(ResetEvent, TellsReasonIdAndWhereTheStreamGoesOn) {
  EXPECT_EQ(reset_frame(gap_reason::expired, "4711-3", {4711, 10}),
            "event: relay.reset\n"
            "data: {\"reason\":\"expired\",\"your_id\":\"4711-3\",\"resume\":\"4711-10\"}\n"
            "id: 4711-10\n\n");
}

TEST(ResetEvent, EveryReasonHasItsName) {
  EXPECT_EQ(to_string(gap_reason::malformed), "malformed");
  EXPECT_EQ(to_string(gap_reason::unknown_epoch), "unknown_epoch");
  EXPECT_EQ(to_string(gap_reason::future), "future");
  EXPECT_EQ(to_string(gap_reason::expired), "expired");
  EXPECT_EQ(to_string(gap_reason::history_lost), "history_lost");
}

TEST(ResetEvent, WhateverTheClientSentTheStreamStaysOne) {
  for (const std::string_view id : {"", "garbage", "a\nid: 9-9\n\ndata: forged\n\n", "\r\n\r\n", "\"},{\"x\":\"", "\\",
                                    "\xe2\x80\xa8", "\xff\xfe", "\xc3", "\x01\x1f\x7f"}) {
    const auto frame = reset_frame(gap_reason::malformed, id, {1, 5});
    EXPECT_TRUE(is_valid_utf8(frame));
    const event_stream_parser read(frame);
    ASSERT_EQ(read.events.size(), 1u) << frame;
    EXPECT_EQ(read.events[0].type, "relay.reset");
    EXPECT_EQ(read.events[0].last_event_id, "1-5");
    const auto body = nlohmann::json::parse(read.events[0].data);
    EXPECT_EQ(body.size(), 3u);
    if (is_valid_utf8(id)) {
      EXPECT_EQ(body.at("your_id").get<std::string>(), id);
    }
    EXPECT_EQ(body.at("resume"), "1-5");
  }
}

TEST(ResetEvent, BytesThatAreNotUtf8BecomeReplacementCharacters) {
  const event_stream_parser read(reset_frame(gap_reason::malformed, "a\xff" "b", {1, 5}));
  ASSERT_EQ(read.events.size(), 1u);
  EXPECT_EQ(nlohmann::json::parse(read.events[0].data).at("your_id"), "a\xef\xbf\xbd" "b");
}

}  // namespace
}  // namespace event_relay::sse
