#include "event_relay/core/event_document.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace event_relay {
namespace {

using nlohmann::json;

const timestamp noon = *parse_timestamp("2026-11-24T12:00:00Z");

event_fields event(std::string_view data, std::string_view attributes = {}) {
  return {"7-5", "loans", "made", data, noon, attributes};
}

json cloud_event(const event_fields& event, cloud_event_id whose = cloud_event_id::of_author) {
  return json::parse(cloud_event_document(event, whose));
}

TEST(EventDocument, HasAllThatIsKnown) {
  EXPECT_EQ(event_document(event(R"({"n":1})")),
            R"({"id":"7-5","position":5,"topic":"loans","type":"made",)"
            R"("time":"2026-11-24T12:00:00.000000Z","data":{"n":1}})");
}

TEST(EventDocument, DataIsThereByteForByte) {
  for (const auto* data : {"1.0e+02", R"({ "n":1.0,"n":1e30, "s":"\u00e9" })", "[1,\r\n2]", "null", R"("")"})
    EXPECT_TRUE(event_document(event(data)).ends_with(R"(,"data":)" + std::string(data) + "}")) << data;
}

TEST(EventDocument, WhatIsNotJsonIsText) {
  for (const std::string data : {"", "a\r\nb", "{", "\"", "\xc3\xa9", "\xef\xbb\xbf{}"}) {
    const auto read = json::parse(event_document(event(data)));
    EXPECT_EQ(read.at("text"), data);
    EXPECT_FALSE(read.contains("data"));
  }
}

TEST(EventDocument, WhatIsMissingIsNull) {
  const auto read = json::parse(event_document({"7-5", {}, {}, "1", noon, {}}));
  EXPECT_TRUE(read.at("topic").is_null());
  EXPECT_TRUE(read.at("type").is_null());
  EXPECT_FALSE(read.contains("attributes"));
}

TEST(EventDocument, NamesAreEscaped) {
  const auto read = json::parse(event_document({"7-5", "a\"b", "\\\"", "1", noon, {}}));
  EXPECT_EQ(read.at("topic"), "a\"b");
  EXPECT_EQ(read.at("type"), "\\\"");
}

TEST(EventDocument, AttributesOfACloudEventAreBesideItsData) {
  const auto read = json::parse(event_document(event("1", R"({"id":"theirs","source":"/them"})")));
  EXPECT_EQ(read.at("id"), "7-5");
  EXPECT_EQ(read.at("attributes"), (json{{"id", "theirs"}, {"source", "/them"}}));
  EXPECT_EQ(read.at("data"), 1);
}

TEST(CloudEventDocument, OfAnEventThatWasNoneHasTheRelaysOwn) {
  EXPECT_EQ(cloud_event_document(event(R"({"n":1.0})"), cloud_event_id::of_author),
            R"({"specversion":"1.0","type":"made","id":"7-5","source":"/loans","datacontenttype":"application/json",)"
            R"("time":"2026-11-24T12:00:00.000000Z","data":{"n":1.0}})");
}

TEST(CloudEventDocument, OfTextIsText) {
  const auto read = cloud_event(event("a\r\nb"));
  EXPECT_EQ(read.at("datacontenttype"), "text/plain");
  EXPECT_EQ(read.at("data"), "a\r\nb");
}

TEST(CloudEventDocument, OfAWordOfTheRelayHasASourceAndOfNoTypeAMessage) {
  const auto read = cloud_event({"7-5", {}, {}, "{}", noon, {}});
  EXPECT_EQ(read.at("source"), "/events");
  EXPECT_EQ(read.at("type"), "message");
}

TEST(CloudEventDocument, GivesBackWhatCameAsOne) {
  const auto read = cloud_event(
      event(R"({"n":1})", R"({"id":"theirs","source":"/them","time":"2020-01-01T00:00:00Z","number":5})"));
  EXPECT_EQ(read, json::parse(R"({"specversion":"1.0","type":"made","id":"theirs","source":"/them",
                                  "time":"2020-01-01T00:00:00Z","number":5,"data":{"n":1}})"));
}

TEST(CloudEventDocument, HasTheTimeOfItsStorageIfItHasNoneOfItsOwn) {
  EXPECT_EQ(cloud_event(event("1", R"({"id":"theirs","source":"/them"})")).at("time"), "2026-11-24T12:00:00.000000Z");
}

TEST(CloudEventDocument, OfAFeedHasTheRelaysIdOnce) {
  const auto text = cloud_event_document(event("1", R"({"id":"theirs","source":"/them"})"), cloud_event_id::of_relay);
  EXPECT_EQ(json::parse(text).at("id"), "7-5");
  EXPECT_EQ(text.find(R"("id":)"), text.rfind(R"("id":)"));
}

TEST(CloudEventDocument, DataIsWhereItsContentTypeHasIt) {
  EXPECT_EQ(cloud_event(event("1.50", R"({"datacontenttype":"text/csv"})")).at("data"), "1.50");
  EXPECT_EQ(cloud_event(event("1.50", R"({"datacontenttype":"application/vnd.a+json"})")).at("data"), 1.5);
  EXPECT_EQ(cloud_event(event("1.50", R"({"id":"theirs"})")).at("data"), 1.5);
  const auto binary = cloud_event(event("AAE=", R"({"datacontenttype":"image/png","data_base64":true})"));
  EXPECT_EQ(binary.at("data_base64"), "AAE=");
  EXPECT_FALSE(binary.contains("data"));
}

TEST(CloudEventDocument, DataThatIsNotTheJsonItIsSaidToBeIsText) {
  EXPECT_EQ(cloud_event(event("{no", R"({"datacontenttype":"text/json"})")).at("data"), "{no");
  EXPECT_EQ(cloud_event(event("{\"a\":1}", R"({"datacontenttype":"text/json"})")).at("data").at("a"), 1);
}

TEST(CloudEventDocument, OfAnEventThatHasNothingButATraceHasTheRelaysOwnBesideIt) {
  const auto read = cloud_event(event("a text", R"({"traceparent":"00-1-2-01","tracestate":"a=1"})"));
  EXPECT_EQ(read, json::parse(
                      R"({"specversion":"1.0","type":"made","id":"7-5","source":"/loans","datacontenttype":"text/plain",
                                  "traceparent":"00-1-2-01","tracestate":"a=1","time":"2026-11-24T12:00:00.000000Z",
                                  "data":"a text"})"));
}

TEST(CloudEventDocument, WithoutDataHasNone) {
  EXPECT_FALSE(cloud_event(event("", R"({"id":"theirs","source":"/them"})")).contains("data"));
}

}  // namespace
}  // namespace event_relay
