#include "event_relay/core/json_text.hpp"

#include "event_relay/core/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace event_relay {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::Pair;

std::vector<std::pair<std::string, std::string>> members(std::string_view text) {
  EXPECT_TRUE(is_json(text)) << text;
  const auto found = json_members(text);
  if (!found) return {{"no", "object"}};
  return {found->begin(), found->end()};
}

std::vector<std::string> elements(std::string_view text) {
  EXPECT_TRUE(is_json(text)) << text;
  const auto found = json_elements(text);
  if (!found) return {"no array"};
  return {found->begin(), found->end()};
}

TEST(JsonText, MembersKeepTheBytesOfTheirValues) {
  EXPECT_THAT(members(R"({"a":1.0e+02,"b":"x","c":null,"d":true})"),
              ElementsAre(Pair("a", "1.0e+02"), Pair("b", R"("x")"), Pair("c", "null"), Pair("d", "true")));
  EXPECT_THAT(members(R"({"n":123456789012345678901234567890.10})"),
              ElementsAre(Pair("n", "123456789012345678901234567890.10")));
}

TEST(JsonText, BlanksAroundValuesAreNoPartOfThem) {
  EXPECT_THAT(members("\r\n { \"a\" :\t1 ,\n\"b\"\r:\n[ 1 , 2 ] } "),
              ElementsAre(Pair("a", "1"), Pair("b", "[ 1 , 2 ]")));
  EXPECT_THAT(elements(" [ 1 ,\t\"a b\"\n, { } ]\n"), ElementsAre("1", R"("a b")", "{ }"));
}

TEST(JsonText, WhatIsInsideOfSomethingDividesNothing) {
  EXPECT_THAT(members(R"({"a":{"b":[1,{"c":2}],"d":3},"e":[[],[4,5]]})"),
              ElementsAre(Pair("a", R"({"b":[1,{"c":2}],"d":3})"), Pair("e", "[[],[4,5]]")));
  EXPECT_THAT(members(R"({"a":"},{","b,":"]:["})"), ElementsAre(Pair("a", R"("},{")"), Pair("b,", R"("]:[")")));
  EXPECT_THAT(elements(R"(["a,b","[",{"c":","}])"), ElementsAre(R"("a,b")", R"("[")", R"({"c":","})"));
}

TEST(JsonText, EscapesAreReadInNamesAndKeptInValues) {
  EXPECT_THAT(members(R"({"a\"b\\":"\"\\","\u00e9\n":"\u00e9"})"),
              ElementsAre(Pair("a\"b\\", R"("\"\\")"), Pair("\xc3\xa9\n", R"("\u00e9")")));
  EXPECT_THAT(elements(R"(["\\",",\\\"",1])"), ElementsAre(R"("\\")", R"(",\\\"")", "1"));
}

TEST(JsonText, DuplicatesAreAllThere) {
  EXPECT_THAT(members(R"({"a":1,"a":2,"\u0061":3})"), ElementsAre(Pair("a", "1"), Pair("a", "2"), Pair("a", "3")));
}

TEST(JsonText, NothingIsInWhatIsEmpty) {
  EXPECT_TRUE(members("{}").empty());
  EXPECT_TRUE(members(" { \n } ").empty());
  EXPECT_TRUE(elements("[]").empty());
  EXPECT_TRUE(elements("[ \t]").empty());
  EXPECT_THAT(members(R"({"":""})"), ElementsAre(Pair("", R"("")")));
}

TEST(JsonText, OtherValuesAreNeither) {
  for (const auto* text : {"1", "null", R"("{}")", "[]", " [1]"}) EXPECT_FALSE(json_members(text)) << text;
  for (const auto* text : {"1", "null", R"("[]")", "{}", R"( {"a":[1]})"}) EXPECT_FALSE(json_elements(text)) << text;
}

TEST(JsonText, OnlyStringsSaySomething) {
  EXPECT_EQ(json_string(R"("a\"\u00e9\ud83d\udeb2")"), "a\"\xc3\xa9\xf0\x9f\x9a\xb2");
  EXPECT_EQ(json_string(R"("")"), "");
  for (const auto* value : {"1", "null", "{}", "[\"a\"]", "true"}) EXPECT_FALSE(json_string(value)) << value;
}

TEST(JsonText, AStringIsWrittenAsItIsRead) {
  for (const std::string text : {"", "a", "\"\\\n\r\t\x01\x7f", "\xc3\xa9\xf0\x9f\x9a\xb2", "</script>"}) {
    EXPECT_TRUE(is_json(to_json_string(text)));
    EXPECT_EQ(json_string(to_json_string(text)), text);
  }
  EXPECT_EQ(json_string(to_json_string("a\xff" "b")), "a\xef\xbf\xbd" "b");
}

/// Values that tear texts apart when something is wrong.
class generator {
 public:
  explicit generator(unsigned seed) : random_{seed} {}

  json value(int depth) {
    switch (random_() % (depth > 0 ? 7 : 5)) {
      case 0: return nullptr;
      case 1: return random_() % 2 == 0;
      case 2: return static_cast<int>(random_());
      case 3: return static_cast<double>(static_cast<int>(random_())) / 1024;
      case 4: return text();
      case 5: return object(depth - 1);
      default: return array(depth - 1);
    }
  }
  json object(int depth) {
    auto made = json::object();
    for (auto left = random_() % 5; left > 0; --left) made[text()] = value(depth);
    return made;
  }
  json array(int depth) {
    auto made = json::array();
    for (auto left = random_() % 5; left > 0; --left) made.push_back(value(depth));
    return made;
  }
  /// Negative: on one line. Escapes all that is not ASCII, every second time.
  std::string written(const json& value) {
    return value.dump(static_cast<int>(random_() % 4) - 1, random_() % 2 == 0 ? ' ' : '\t', random_() % 2 == 0);
  }

 private:
  std::string text() {
    static constexpr const char* pieces[] = {"\"", "\\", "{", "}",  "[", "]",        ",",
                                             ":",  " ",  "\n", "a", "\xc3\xa9", "\x01"};
    std::string made;
    for (auto left = random_() % 6; left > 0; --left) made += pieces[random_() % std::size(pieces)];
    return made;
  }

  std::mt19937 random_;
};

TEST(JsonText, SlicesOfAnyObjectAreItsMembers) {
  generator any{1};
  for (int i = 0; i < 5'000; ++i) {
    const auto object = any.object(3);
    const auto text = any.written(object);
    auto read = json::object();
    for (const auto& [name, value] : members(text)) read[name] = json::parse(value);
    ASSERT_EQ(read, object) << text;
  }
}

TEST(JsonText, SlicesOfAnyArrayAreItsElements) {
  generator any{2};
  for (int i = 0; i < 5'000; ++i) {
    const auto array = any.array(3);
    const auto text = any.written(array);
    auto read = json::array();
    for (const auto& value : elements(text)) read.push_back(json::parse(value));
    ASSERT_EQ(read, array) << text;
  }
}

}  // namespace
}  // namespace event_relay
