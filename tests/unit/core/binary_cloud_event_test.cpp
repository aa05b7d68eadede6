#include "event_relay/core/cloud_event.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace event_relay {
namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

headers with(const headers& more) {
  headers all{{"specversion", "1.0"}, {"id", "1"}, {"source", "/them"}, {"type", "made"}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

new_event read(const headers& sent, std::string_view content_type = "application/json", std::string data = "1") {
  auto read = read_binary_cloud_event(sent, content_type, std::move(data));
  if (const auto* wrong = std::get_if<cloud_event_error>(&read)) throw std::runtime_error(wrong->attribute);
  return std::get<new_event>(std::move(read));
}

std::string wrong_in(const headers& sent) {
  const auto read = read_binary_cloud_event(sent, "text/plain", "data");
  const auto* wrong = std::get_if<cloud_event_error>(&read);
  return wrong == nullptr ? "nothing" : wrong->attribute;
}

std::string subject_of(const std::string& value) { return read(with({{"subject", value}}), "", "").attributes; }

TEST(BinaryCloudEvent, IsTheSameAsAStructuredOne) {
  const auto binary = read(with({{"subject", "a"}}), "application/json", R"({"n":1.0})");
  const auto structured = std::get<new_event>(read_structured_cloud_event(
      R"({"specversion":"1.0","id":"1","source":"/them","type":"made","subject":"a",)"
      R"("datacontenttype":"application/json","data":{"n":1.0}})"));
  EXPECT_EQ(binary.type, structured.type);
  EXPECT_EQ(binary.data, structured.data);
  EXPECT_EQ(binary.attributes, structured.attributes);
  EXPECT_EQ(binary.idempotency_key, structured.idempotency_key);
}

TEST(BinaryCloudEvent, ContentTypeIsAnAttribute) {
  EXPECT_EQ(read(with({}), "text/csv; header=present").attributes,
            R"({"id":"1","source":"/them","datacontenttype":"text/csv; header=present"})");
  EXPECT_EQ(read(with({}), "").attributes, R"({"id":"1","source":"/them"})");
  EXPECT_EQ(wrong_in(with({{"datacontenttype", "text/csv"}})), "datacontenttype");
}

TEST(BinaryCloudEvent, DataIsTheBody) {
  EXPECT_EQ(read(with({}), "text/plain", "a\r\nb").data, "a\r\nb");
  EXPECT_EQ(data_form_of(read(with({}), "text/plain", "a").attributes), data_form::text);
  EXPECT_EQ(data_form_of(read(with({}), "application/json", "1").attributes), data_form::json);
}

TEST(BinaryCloudEvent, ValuesAreUnescaped) {
  EXPECT_EQ(subject_of("a%20b"), R"({"id":"1","source":"/them","subject":"a b"})");
  EXPECT_EQ(subject_of("Euro%20%E2%82%AC"), "{\"id\":\"1\",\"source\":\"/them\",\"subject\":\"Euro \xe2\x82\xac\"}");
  EXPECT_EQ(subject_of(R"("a%22\"\\b")"), R"({"id":"1","source":"/them","subject":"a\"\"\\b"})");
  EXPECT_EQ(subject_of(R"("a")"), R"({"id":"1","source":"/them","subject":"a"})");
  EXPECT_EQ(subject_of(R"(")"), R"({"id":"1","source":"/them","subject":"\""})");
  EXPECT_EQ(subject_of("a+b"), R"({"id":"1","source":"/them","subject":"a+b"})");
}

TEST(BinaryCloudEvent, WhatCannotBeUnescapedIsNamed) {
  for (const auto* value : {"%", "%2", "%zz", "%ff", "%00", "%c3%28"})
    EXPECT_EQ(wrong_in(with({{"subject", value}})), "subject") << value;
}

TEST(BinaryCloudEvent, EveryBrokenRuleNamesItsAttribute) {
  EXPECT_EQ(wrong_in({}), "specversion");
  EXPECT_EQ(wrong_in({{"specversion", "1.0"}}), "id");
  EXPECT_EQ(wrong_in({{"specversion", "1.0"}, {"id", "1"}}), "source");
  EXPECT_EQ(wrong_in({{"specversion", "1.0"}, {"id", "1"}, {"source", "/"}}), "type");
  EXPECT_EQ(wrong_in(with({{"id", "2"}})), "id");
  EXPECT_EQ(wrong_in(with({{"my-name", "2"}})), "my-name");
  EXPECT_EQ(wrong_in(with({{"", "2"}})), "");
  EXPECT_EQ(wrong_in(with({{"time", "noon"}})), "time");
  EXPECT_EQ(wrong_in(with({{"subject", ""}})), "subject");
  EXPECT_EQ(wrong_in(with({{"data_base64", "AAAA"}})), "data_base64");
}

}  // namespace
}  // namespace event_relay
