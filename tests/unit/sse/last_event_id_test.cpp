#include "event_relay/sse/last_event_id.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

namespace event_relay::sse {

void PrintTo(const start_point& start, std::ostream* out) { *out << start.index() << " \"" << text_of(start) << '"'; }

namespace {

using values = std::vector<std::string>;

bool is_live(const start_point& start) { return std::holds_alternative<start_live>(start); }
bool is_earliest(const start_point& start) { return std::holds_alternative<start_earliest>(start); }

void expect_after(const result<start_point>& start, std::optional<epoch_t> epoch, position_t position) {
  ASSERT_TRUE(start);
  const auto* id = std::get_if<start_after>(&*start);
  ASSERT_TRUE(id) << testing::PrintToString(*start);
  EXPECT_EQ(id->epoch, epoch);
  EXPECT_EQ(id->position, position);
}

void expect_malformed(const result<start_point>& start, std::string_view text) {
  ASSERT_TRUE(start);
  EXPECT_TRUE(std::holds_alternative<start_malformed>(*start)) << testing::PrintToString(*start);
  EXPECT_EQ(text_of(*start), text);
}

result<start_point> by_header(const values& headers) { return choose_start(headers, {}, {}); }
result<start_point> by_query(const values& queries) { return choose_start({}, queries, {}); }
result<start_point> by_from(const values& from) { return choose_start({}, {}, from); }

TEST(LastEventId, ReadsBothForms) {
  expect_after(parse_start("4711-42"), 4711, 42);
  expect_after(parse_start("42"), std::nullopt, 42);
  expect_after(parse_start("0"), std::nullopt, 0);
  expect_after(parse_start("1-0"), 1, 0);
}

TEST(LastEventId, KeepsTheTextAsItWas) {
  EXPECT_EQ(text_of(parse_start("4711-042")), "4711-042");
  EXPECT_EQ(text_of(parse_start("007")), "007");
  EXPECT_EQ(text_of(parse_start(" \t42 ")), "42");
  EXPECT_EQ(text_of(parse_start("garbage")), "garbage");
  EXPECT_EQ(text_of(start_live{}), "");
  EXPECT_EQ(text_of(start_earliest{}), "");
}

TEST(LastEventId, NothingButBlanksIsNone) {
  for (const auto* text : {"", " ", "\t", " \t \t"}) EXPECT_TRUE(is_live(parse_start(text))) << '"' << text << '"';
}

TEST(LastEventId, PassesOverSurroundingBlanks) { expect_after(parse_start("\t 4711-42  "), 4711, 42); }

TEST(LastEventId, WhatIsNoIdIsKeptForTheReset) {
  for (const auto* text : {"garbage", "-1", "1-", "-", "1 2", "1-2-3", "1, 2", "\xff", "null", "undefined", "earliest",
                           "urn:uuid:1", "4294967296-1", "9223372036854775808", "1-9223372036854775808",
                           "99999999999999999999999999"})
    expect_malformed(parse_start(text), text);
}

TEST(LastEventId, NothingGivenIsLive) {
  const auto start = choose_start({}, {}, {});
  ASSERT_TRUE(start);
  EXPECT_TRUE(is_live(*start));
}

TEST(LastEventId, EachPlaceIsRead) {
  expect_after(by_header({"1-2"}), 1, 2);
  expect_after(by_query({"1-2"}), 1, 2);
  expect_after(by_from({"1-2"}), 1, 2);
  expect_malformed(by_header({"x"}), "x");
  expect_malformed(by_query({"x"}), "x");
}

TEST(LastEventId, TheHeaderBeatsTheQueryAndTheQueryBeatsFrom) {
  expect_after(choose_start(values{"1-1"}, values{"1-2"}, values{"1-3"}), 1, 1);
  expect_after(choose_start(values{"1-1"}, {}, values{"1-3"}), 1, 1);
  expect_after(choose_start({}, values{"1-2"}, values{"1-3"}), 1, 2);
  expect_after(choose_start({}, values{"1-2"}, values{"latest"}), 1, 2);
}

TEST(LastEventId, AHeaderThatIsNoIdStillBeatsTheQuery) {
  // An old cursor in the URL must not be taken up because the newer one was damaged: that would repeat events untold.
  expect_malformed(choose_start(values{"x"}, values{"1-2"}, values{"earliest"}), "x");
}

TEST(LastEventId, AnEmptyPlaceIsPassedOver) {
  expect_after(choose_start(values{""}, values{"1-2"}, {}), 1, 2);
  expect_after(choose_start(values{" ", "\t"}, values{"", " "}, values{"1-3"}), 1, 3);
  expect_after(choose_start(values{"", "1-1"}, {}, {}), 1, 1);
  expect_after(choose_start({}, values{"", "1-2", " "}, {}), 1, 2);
}

TEST(LastEventId, TheSameValueTwiceIsOne) {
  expect_after(by_header({"1-2", "1-2"}), 1, 2);
  expect_after(by_query({"1-2", " 1-2", "1-2\t"}), 1, 2);
  expect_malformed(by_query({"x", "x"}), "x");
}

TEST(LastEventId, TwoValuesInOnePlaceAreAnError) {
  EXPECT_EQ(by_header({"1-1", "1-2"}).error(), errc::conflicting_event_ids);
  EXPECT_EQ(by_query({"1-1", "1-2"}).error(), errc::conflicting_event_ids);
  EXPECT_EQ(by_query({"1-1", "", "x"}).error(), errc::conflicting_event_ids);
  // The same position, perhaps; but which of the two epochs is meant cannot be known.
  EXPECT_EQ(by_query({"1-1", "1"}).error(), errc::conflicting_event_ids);
  EXPECT_EQ(choose_start(values{""}, values{"1", "2"}, {}).error(), errc::conflicting_event_ids);
}

TEST(LastEventId, FromKnowsTwoWords) {
  EXPECT_TRUE(is_earliest(by_from({"earliest"}).value()));
  EXPECT_TRUE(is_live(by_from({"latest"}).value()));
  EXPECT_TRUE(is_live(by_from({""}).value()));
  EXPECT_TRUE(is_earliest(by_from({" earliest\t", "earliest"}).value()));
}

TEST(LastEventId, FromTakesIdsOfBothForms) {
  expect_after(by_from({"7"}), std::nullopt, 7);
  expect_after(by_from({"4711-7"}), 4711, 7);
}

TEST(LastEventId, FromRefusesEverythingElse) {
  for (const auto* text : {"Earliest", "oldest", "now", "-1", "1-", "2024-01-01T00:00:00Z", "9223372036854775808"})
    EXPECT_EQ(by_from({text}).error(), errc::bad_parameter) << text;
  EXPECT_EQ(by_from({"earliest", "latest"}).error(), errc::bad_parameter);
  EXPECT_EQ(by_from({"1", "2"}).error(), errc::bad_parameter);
}

}  // namespace
}  // namespace event_relay::sse
