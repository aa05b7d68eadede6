#include "journal/import_lines.hpp"

#include <gmock/gmock.h>

namespace event_relay {
namespace {

using testing::HasSubstr;

const std::string good_event =
    R"({"id":"7-12","topic":"loans","type":null,"time":"2024-05-01T12:00:00.123456Z","data":"a\nb"})";
const std::string good_header =
    R"({"event_relay_journal":1,"after":10,"until":12,"floor":0,"head":12,"epochs":[{"epoch":7,"first_position":1,)"
    R"("system_identifier":"7300000000000000001","timeline":1,"reason":"new","started_at":"2024-05-01T12:00:00Z"}]})";

std::string with(std::string text, const std::string& part, const std::string& other) {
  const auto at = text.find(part);
  return at == std::string::npos ? "the test is wrong" : text.replace(at, part.size(), other);
}

template <class Parse>
std::string refusal(const Parse& parse, const std::string& line) {
  try {
    parse(line);
  } catch (const std::runtime_error& why) {
    return why.what();
  }
  return "was accepted";
}

TEST(ImportLines, AnEventIsReadByteForByte) {
  const auto event = parse_import_event(good_event);
  EXPECT_EQ(event.id, (event_id{7, 12}));
  EXPECT_EQ(event.topic, "loans");
  EXPECT_EQ(event.type, "");
  EXPECT_EQ(event.time, "2024-05-01T12:00:00.123456Z");
  EXPECT_EQ(event.data, "a\nb");
  EXPECT_EQ(parse_import_event(with(good_event, "null", R"("made")")).type, "made");
}

TEST(ImportLines, WhatIsWrongWithAnEventIsNamed) {
  const auto said = [](const std::string& part, const std::string& other) {
    return refusal(parse_import_event, with(good_event, part, other));
  };
  EXPECT_EQ(refusal(parse_import_event, "[]"), "is not a JSON object");
  EXPECT_THAT(said("7-12", "12"), HasSubstr(R"("id": the event id is not)"));
  EXPECT_THAT(said("loans", "a b"), HasSubstr(R"("topic": a topic is)"));
  EXPECT_THAT(said("null", R"("open")"), HasSubstr(R"("type": the event types open)"));
  EXPECT_THAT(said("null", "1"), HasSubstr(R"("type" must be a text)"));
  EXPECT_THAT(said("12:00:00.123456Z", "12:00:00"), HasSubstr(R"("time" must be a time)"));
  EXPECT_THAT(said(".123456", "."), HasSubstr(R"("time" must be a time)"));
  EXPECT_THAT(said(R"("data")", R"("date")"), HasSubstr("has a field that is not known: date"));
  EXPECT_THAT(said(R"(,"data":"a\nb")", ""), HasSubstr(R"(has no "data")"));
  EXPECT_THAT(said(R"(a\nb)", R"(\u0000)"), HasSubstr("NUL"));
}

TEST(ImportLines, TheHeaderSaysWhatComes) {
  const auto header = parse_import_header(good_header);
  EXPECT_EQ(header.bounds.floor, 10U);
  EXPECT_EQ(header.bounds.head, 12U);
  EXPECT_EQ(header.bounds.epoch_of(11), 7U);
  EXPECT_THAT(header.epochs, HasSubstr("7300000000000000001"));
}

TEST(ImportLines, WhatIsWrongWithTheHeaderIsNamed) {
  const auto said = [](const std::string& part, const std::string& other) {
    return refusal(parse_import_header, with(good_header, part, other));
  };
  EXPECT_THAT(refusal(parse_import_header, good_event), HasSubstr("not the first line of an export"));
  EXPECT_THAT(said(R"(journal":1)", R"(journal":2)"), HasSubstr("is of format 2, this program knows 1"));
  EXPECT_THAT(said(R"("after":10)", R"("after":13)"), HasSubstr(R"("until" must not be less than "after")"));
  EXPECT_THAT(said(R"("until":12)", R"("until":-1)"), HasSubstr(R"("until" must be a number)"));
  EXPECT_THAT(said(R"("first_position":1)", R"("first_position":12)"), HasSubstr("event 11 without an epoch"));
  EXPECT_THAT(said(R"("epoch":7)", R"("epoch":3000000000)"), HasSubstr(R"("epoch" must be a number up to)"));
  EXPECT_THAT(said("7300000000000000001", "x"), HasSubstr(R"("system_identifier" must be a number in quotes)"));
}

}  // namespace
}  // namespace event_relay
