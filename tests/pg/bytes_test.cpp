#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using Bytes = JournalTest;

std::vector<std::string> difficult_texts() {
  std::string megabyte(1024 * 1024, ' ');
  for (std::size_t i = 0; i < megabyte.size(); ++i) megabyte[i] = static_cast<char>(1 + i * 7 % 127);
  std::string controls;
  for (char c = 1; c < 32; ++c) controls += c;
  return {
      "",
      " leading and trailing ",
      "\r\n\r\r\n\n",
      "line\xE2\x80\xA8separator\xE2\x80\xA9paragraph\xC2\x85next",
      "\xEF\xBB\xBF"
      "byte order mark",
      "\xF0\x9F\x93\x9A\xF4\x8F\xBF\xBF\xEF\xBF\xBF\xED\x9F\xBF",
      R"({"a":1, "a":2, "n":1.0e+02, "u":"\u0000", "s":"\\"})",
      R"(NULL {NULL,"x"} 'quoted' "double" \x41 \\ $1 %s {},)",
      "NULL",
      "\xC3\xA4 \x61\xCC\x88",
      controls + "\x7F",
      std::string(8'191, 'a'),
      std::string(8'192, 'b'),
      std::string(8'193, 'c'),
      megabyte,
  };
}

TEST_P(Bytes, ComeBackAsTheyWere) {
  const auto texts = difficult_texts();
  std::vector<new_event> events;
  for (const auto& text : texts) events.push_back(event(text));
  append(connection(), events);

  const auto read = read_all(connection());
  ASSERT_EQ(read.size(), texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_TRUE(read[i].data == texts[i]) << "page, text " << i;
    EXPECT_TRUE(connection().find(i + 1)->data == texts[i]) << "find, text " << i;
  }
}

TEST_P(Bytes, OfTypeAndKeyComeBackOrAreToldApart) {
  const std::string type = "t\xC3\xBCr \xF0\x9F\x93\x9A {\"\\',}";
  const std::string key = R"(k'"\{},NULL%)";
  append(connection(), {event("1", type, key)});
  EXPECT_EQ(read_all(connection()).front().type, type);
  EXPECT_EQ(append(connection(), {event("1", type, key)}).events[0].what, appended::outcome::duplicate);
}

TEST_P(Bytes, AreComparedExactlyForTheSameKey) {
  append(connection(), {event("\xC3\xA4", "", "key")});
  const std::string decomposed = "a\xCC\x88";
  EXPECT_EQ(append(connection(), {event(decomposed, "", "key")}).events[0].what, appended::outcome::key_reused);
  EXPECT_EQ(append(connection(), {event("\xC3\xA4 ", "", "key")}).events[0].what, appended::outcome::key_reused);
  EXPECT_EQ(append(connection(), {event("\xC3\xA4", "", "key")}).events[0].what, appended::outcome::duplicate);
}

TEST_P(Bytes, NulIsRefusedAndNeverCutsAText) {
  using namespace std::string_literals;
  EXPECT_THROW(append(connection(), {event("a\0b"s)}), journal_refused);
  EXPECT_THROW(append(connection(), {event("a", "t\0"s)}), journal_refused);
  EXPECT_THROW(append(connection(), {event("a", "t", "\0k"s)}), journal_refused);
  EXPECT_EQ(connection().bounds().head, 0U);
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Bytes);

}  // namespace
}  // namespace event_relay::test
