#include "event_relay/core/units.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

TEST(Units, ReadsDurations) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("15s"), 15s);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("0s"), 0ms);
  EXPECT_EQ(parse_duration("0"), 0ms);
}

TEST(Units, RefusesDurationsThatCouldMeanSomethingElse) {
  for (const auto* text :
       {"", "15", "s", "-1s", "+1s", "1.5s", "15 s", " 15s", "15s ", "15S", "15sec", "1h30m", "0x1s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Units, RefusesDurationsThatDoNotFit) {
  EXPECT_EQ(parse_duration("9223372036854775807ms"), std::chrono::milliseconds::max());
  EXPECT_FALSE(parse_duration("9223372036854775808ms"));
  EXPECT_FALSE(parse_duration("2562047788016h"));
  EXPECT_FALSE(parse_duration("99999999999999999999s"));
}

TEST(Units, ReadsSizes) {
  EXPECT_EQ(parse_size("1000"), 1'000U);
  EXPECT_EQ(parse_size("256KiB"), 262'144U);
  EXPECT_EQ(parse_size("64MiB"), 67'108'864U);
  EXPECT_EQ(parse_size("2GiB"), 2'147'483'648U);
  EXPECT_EQ(parse_size("0"), 0U);
}

TEST(Units, RefusesSizesThatCouldMeanSomethingElse) {
  for (const auto* text : {"", "KiB", "64MB", "64M", "64mib", "64 MiB", "-1", "1.5GiB", "1e3", "64MiBs"})
    EXPECT_FALSE(parse_size(text)) << text;
  EXPECT_FALSE(parse_size("17179869184GiB"));
  EXPECT_TRUE(parse_size("17179869183GiB"));
}

TEST(Units, ReadsCountsUpToTheLargest) {
  EXPECT_EQ(parse_count("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  for (const auto* text : {"", "18446744073709551616", "-1", "+1", " 1", "1 ", "1,000", "0x10"})
    EXPECT_FALSE(parse_count(text)) << text;
}

TEST(Units, WritesTheLargestUnitThatIsExact) {
  EXPECT_EQ(format_duration(0ms), "0s");
  EXPECT_EQ(format_duration(1'500ms), "1500ms");
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(120s), "2m");
  EXPECT_EQ(format_duration(24h), "24h");
  EXPECT_EQ(format_duration(-5ms), "-5ms");
  EXPECT_EQ(format_size(0), "0");
  EXPECT_EQ(format_size(8'000), "8000");
  EXPECT_EQ(format_size(16'384), "16KiB");
  EXPECT_EQ(format_size(std::uint64_t{3} << 30), "3GiB");
}

TEST(Units, ReadsBackWhatItWrites) {
  for (std::int64_t count : {0LL, 1LL, 999LL, 1'000LL, 60'000LL, 61'000LL, 3'600'000LL, 9'223'372'036'854'775'807LL}) {
    const std::chrono::milliseconds duration{count};
    EXPECT_EQ(parse_duration(format_duration(duration)), duration);
    const auto size = static_cast<std::uint64_t>(count);
    EXPECT_EQ(parse_size(format_size(size)), size);
  }
}

}  // namespace
}  // namespace event_relay
