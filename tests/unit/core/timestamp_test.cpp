#include "event_relay/core/timestamp.hpp"

#include <gtest/gtest.h>

namespace event_relay {
namespace {

using std::chrono::microseconds;

constexpr timestamp moment{microseconds{1'795'512'600'123'456}};  // date -u -d @1795512600

TEST(Timestamp, IsWrittenInUtcWithSixDigits) {
  EXPECT_EQ(format_timestamp(moment), "2026-11-24T09:30:00.123456Z");
  EXPECT_EQ(format_timestamp(timestamp{}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(format_timestamp(timestamp{microseconds{-1}}), "1969-12-31T23:59:59.999999Z");
}

TEST(Timestamp, IsReadWithAnyOffset) {
  EXPECT_EQ(parse_timestamp("2026-11-24T09:30:00.123456Z"), moment);
  EXPECT_EQ(parse_timestamp("2026-11-24t10:30:00.123456+01:00"), moment);
  EXPECT_EQ(parse_timestamp("2026-11-23 23:30:00.123456-10:00"), moment);
  EXPECT_EQ(parse_timestamp("2026-11-24T09:30:00.1234569z"), moment) << "cut off, not rounded";
}

TEST(Timestamp, TheFractionMayBeShortOrMissing) {
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:01Z"), timestamp{microseconds{1'000'000}});
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:01.5Z"), timestamp{microseconds{1'500'000}});
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:60Z"), timestamp{microseconds{60'000'000}}) << "a leap second";
}

TEST(Timestamp, WhatIsNotOneIsRefused) {
  for (const auto* text :
       {"", "2026", "2026-11-24", "2026-11-24T09:30:00", "2026-11-24T09:30Z", "2026-11-31T09:30:00Z",
        "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-24T24:00:00Z", "2026-11-24T09:60:00Z",
        "2026-11-24T09:30:61Z", "2026-11-24T09:30:00.Z", "2026-11-24T09:30:00+0100", "2026-11-24T09:30:00+24:00",
        "2026-11-24T09:30:00Z ", " 2026-11-24T09:30:00Z", "26-11-24T09:30:00Z", "+2026-11-24T09:30:00Z",
        "2026-11-24T09:30:00ZZ", "2026/11/24T09:30:00Z"})
    EXPECT_FALSE(parse_timestamp(text)) << text;
}

TEST(Timestamp, WhatWasWrittenIsReadBack) {
  for (auto time = timestamp{microseconds{-62'000'000'000'000'000}}; time < timestamp{microseconds{250'000'000'000'000'000}};
       time += microseconds{7'777'777'777'777'777})
    EXPECT_EQ(parse_timestamp(format_timestamp(time)), time) << format_timestamp(time);
}

}  // namespace
}  // namespace event_relay
