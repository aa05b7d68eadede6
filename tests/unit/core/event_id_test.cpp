#include "event_relay/core/event_id.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>

namespace event_relay {
namespace {

constexpr position_t last_position = std::numeric_limits<std::int64_t>::max();

TEST(EventId, IsWrittenAsEpochAndPosition) {
  EXPECT_EQ(to_string(event_id{4711, 42}), "4711-42");
  EXPECT_EQ(to_string(event_id{}), "0-0");
  EXPECT_EQ(to_string(event_id{4294967295, last_position}), "4294967295-9223372036854775807");
}

TEST(EventId, ReadsBothNumbers) {
  const auto id = parse_event_id("4711-42");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->epoch, 4711u);
  EXPECT_EQ(id->position, 42u);
}

TEST(EventId, ReadsTheLargestThatTheJournalCanHold) {
  const auto id = parse_event_id("4294967295-9223372036854775807");
  ASSERT_TRUE(id);
  EXPECT_EQ(*id, (event_id{4294967295, last_position}));
}

TEST(EventId, LeadingZerosAreDigitsToo) { EXPECT_EQ(parse_event_id("007-0042").value(), (event_id{7, 42})); }

TEST(EventId, RefusesWhatDoesNotFit) {
  for (const auto* text : {"4294967296-1", "1-9223372036854775808", "1-18446744073709551616",
                           "99999999999999999999999-1", "1-99999999999999999999999"})
    EXPECT_EQ(parse_event_id(text).error(), errc::bad_event_id) << text;
}

TEST(EventId, RefusesWhatIsNotExactlyTwoRunsOfDigits) {
  for (const auto* text : {"", "-", "1", "1-", "-1", "1--1", "-1-1", "1-2-3", " 1-2", "1-2 ", "1 -2", "1- 2", "+1-2",
                           "1-+2", "0x1-2", "1-2a", "a-2", "1_2", "1\xe2\x80\x93""2", "1-2\n", "1.0-2", "\"1-2\""})
    EXPECT_EQ(parse_event_id(text).error(), errc::bad_event_id) << text;
  EXPECT_FALSE(parse_event_id(std::string_view("1-2\0", 4)));
  EXPECT_FALSE(parse_event_id(std::string_view("1\0-2", 4)));
}

TEST(EventId, ReadsBackWhatItWrites) {
  std::mt19937_64 random{1};
  for (int i = 0; i < 10'000; ++i) {
    // A shift of its own for each: numbers of every length, not only the longest.
    const event_id id{static_cast<epoch_t>(random() >> (32 + random() % 32)), (random() >> 1) >> random() % 63};
    const auto read = parse_event_id(to_string(id));
    ASSERT_TRUE(read) << to_string(id);
    ASSERT_EQ(*read, id);
  }
}

TEST(Position, ReadsDigits) {
  EXPECT_EQ(parse_position("0").value(), 0u);
  EXPECT_EQ(parse_position("42").value(), 42u);
  EXPECT_EQ(parse_position("9223372036854775807").value(), last_position);
}

TEST(Position, RefusesAnythingElse) {
  for (const auto* text : {"", "-1", "+1", " 1", "1 ", "1-2", "1a", "a", "0x10", "1.5", "1e3", "9223372036854775808",
                           "18446744073709551615", "18446744073709551616"})
    EXPECT_EQ(parse_position(text).error(), errc::bad_event_id) << text;
}

}  // namespace
}  // namespace event_relay
