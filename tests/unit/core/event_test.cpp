#include "event_relay/core/event.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace event_relay {
namespace {

using namespace std::string_view_literals;

TEST(EventRules, TopicNamesHaveAFewCharactersOnly) {
  for (const auto name : {"reservations"sv, "a"sv, "A.b_C:d-9"sv})
    EXPECT_TRUE(check_topic_name(name)) << name;
  for (const auto name : {""sv, "a b"sv, "a/b"sv, "a?b"sv, "a%20"sv, "\xc3\xa4"sv, "a\n"sv, "a\0"sv, "a,b"sv, "a*"sv})
    EXPECT_EQ(check_topic_name(name).error(), errc::bad_topic) << name;
}

TEST(EventRules, TopicNamesHaveALimit) {
  EXPECT_TRUE(check_topic_name(std::string(max_topic_bytes, 'a')));
  EXPECT_EQ(check_topic_name(std::string(max_topic_bytes + 1, 'a')).error(), errc::bad_topic);
}

TEST(EventRules, TypesAreAnyPrintableText) {
  for (const auto type : {"created"sv, "r\xc3\xa9serv\xc3\xa9"sv, "two words"sv, "a:b"sv, ":"sv, "message"sv})
    EXPECT_TRUE(check_event_type(type)) << type;
}

TEST(EventRules, TypesCannotWriteFieldsOfTheirOwn) {
  for (const auto type : {"a\nid: 9"sv, "a\rdata: x"sv, "a\r\n"sv, "\n"sv, "a\0b"sv, "\t"sv, "a\tb"sv, "a\x7f"sv,
                          "a\x1f"sv, "\x0b"sv})
    EXPECT_EQ(check_event_type(type).error(), errc::bad_event_type) << type;
}

TEST(EventRules, TypesHaveNoBlanksThatAClientWouldTrim) {
  for (const auto type : {" a"sv, "a "sv, " "sv})
    EXPECT_EQ(check_event_type(type).error(), errc::bad_event_type) << '"' << type << '"';
}

TEST(EventRules, TypesAreUtf8AndHaveALimit) {
  EXPECT_TRUE(check_event_type(std::string(max_type_bytes, 'a')));
  EXPECT_EQ(check_event_type(std::string(max_type_bytes + 1, 'a')).error(), errc::bad_event_type);
  EXPECT_EQ(check_event_type("").error(), errc::bad_event_type);
  EXPECT_EQ(check_event_type("a\xff").error(), errc::bad_event_type);
  EXPECT_EQ(check_event_type("a\xc3").error(), errc::bad_event_type);
}

TEST(EventRules, SomeTypesAreReserved) {
  for (const auto type : {"open"sv, "error"sv, "relay.reset"sv, "relay.anything"sv, "relay."sv})
    EXPECT_EQ(check_event_type(type).error(), errc::reserved_event_type) << type;
  for (const auto type : {"Open"sv, "errors"sv, "relay"sv, "relays.a"sv, "my.relay.a"sv})
    EXPECT_TRUE(check_event_type(type)) << type;
}

TEST(EventRules, IdempotencyKeysArePrintableAscii) {
  EXPECT_TRUE(check_idempotency_key("8e03978e-40d5-43dd-bc93-6894a57f9324"));
  EXPECT_TRUE(check_idempotency_key("\"quoted ~\""));
  EXPECT_TRUE(check_idempotency_key(std::string(max_idempotency_key_bytes, 'k')));
  EXPECT_EQ(check_idempotency_key(std::string(max_idempotency_key_bytes + 1, 'k')).error(), errc::bad_idempotency_key);
  for (const auto key : {""sv, "a\nb"sv, "a\0"sv, "\x1f"sv, "\x7f"sv, "\xc3\xa9"sv, "\xff"sv})
    EXPECT_EQ(check_idempotency_key(key).error(), errc::bad_idempotency_key) << key;
}

TEST(EventRules, TextIsUtf8WithoutNul) {
  for (const auto text : {""sv, "plain"sv, "\r\n\t"sv, "\xef\xbb\xbf"sv, "\xe2\x80\xa8"sv, "\xf0\x9f\x9a\xb2"sv})
    EXPECT_TRUE(check_text(text)) << text;
  EXPECT_EQ(check_text("a\0b"sv).error(), errc::data_contains_nul);
  EXPECT_EQ(check_text("\xff\0"sv).error(), errc::data_contains_nul);
  EXPECT_EQ(check_text("\xff").error(), errc::data_is_not_utf8);
  EXPECT_EQ(check_text("\xed\xa0\x80").error(), errc::data_is_not_utf8);
}

TEST(EventRules, JsonIsAnyOneValue) {
  for (const auto text : {"{}"sv, "[]"sv, "null"sv, "0"sv, "-1.5e3"sv, "\"\""sv, " {\"a\":1,\"a\":2}\r\n"sv,
                          "\"\\u0000\""sv, "\"\xe2\x80\xa8\""sv})
    EXPECT_TRUE(check_json(text)) << text;
  for (const auto text : {""sv, " "sv, "{"sv, "{}{}"sv, "{} x"sv, "{'a':1}"sv, "{\"a\":1,}"sv, "NaN"sv, "01"sv,
                          "/**/{}"sv, "\"\n\""sv, "undefined"sv})
    EXPECT_EQ(check_json(text).error(), errc::data_is_not_json) << text;
}

TEST(EventRules, JsonHasNoByteOrderMark) {
  // RFC 8259 8.1; JSON.parse() of a browser throws on it.
  EXPECT_EQ(check_json("\xef\xbb\xbf{}").error(), errc::data_is_not_json);
}

TEST(EventRules, JsonIsTextFirst) {
  EXPECT_EQ(check_json("\"\0\""sv).error(), errc::data_contains_nul);
  EXPECT_EQ(check_json("\"\xff\"").error(), errc::data_is_not_utf8);
}

TEST(EventRules, DeepJsonDoesNotExhaustTheStack) {
  const std::size_t depth = 500'000;
  EXPECT_TRUE(check_json(std::string(depth, '[') + std::string(depth, ']')));
  EXPECT_FALSE(check_json(std::string(depth, '[')));
}

}  // namespace
}  // namespace event_relay
