#include "event_relay/core/utf8.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace event_relay {
namespace {

/// Decodes first and asks afterwards whether the code point may be written so: slow, and nothing like the product.
bool naive_is_valid(std::string_view bytes) {
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  for (std::size_t at = 0; at < bytes.size();) {
    const auto lead = static_cast<unsigned char>(bytes[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (length == 0 || at + length > bytes.size()) return false;
    std::uint32_t code = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
      const auto byte = static_cast<unsigned char>(bytes[at + i]);
      if (byte >> 6 != 2) return false;
      code = code << 6 | (byte & 0x3fu);
    }
    if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    at += length;
  }
  return true;
}

std::string encoded(std::uint32_t code) {
  const auto rest = [code](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), rest(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), rest(6), rest(0)};
  return {static_cast<char>(0xf0 | code >> 18), rest(12), rest(6), rest(0)};
}

// The first and last byte of every range that RFC 3629 tells apart.
constexpr std::string_view border_bytes =
    "A\x7f\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xe1\xec\xed\xee\xef\xf0\xf1\xf3\xf4\xf5\xf8\xff";

TEST(Utf8, NothingIsValid) {
  EXPECT_TRUE(is_valid_utf8(""));
  EXPECT_TRUE(is_valid_utf8({}));
}

TEST(Utf8, EveryCodePointIsValidAndNoSurrogate) {
  for (std::uint32_t code = 0; code < 0x110400; ++code) {
    const bool valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    ASSERT_EQ(is_valid_utf8(encoded(code)), valid) << std::hex << code;
  }
}

TEST(Utf8, AgreesWithTheReferenceOnAllPairsOfBytes) {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second)};
      ASSERT_EQ(is_valid_utf8(bytes), naive_is_valid(bytes)) << first << ' ' << second;
    }
}

TEST(Utf8, AgreesWithTheReferenceOnAllFoursOfBorderBytes) {
  std::string bytes(4, '\0');
  for (const char a : border_bytes)
    for (const char b : border_bytes)
      for (const char c : border_bytes)
        for (const char d : border_bytes) {
          bytes = {a, b, c, d};
          ASSERT_EQ(is_valid_utf8(bytes), naive_is_valid(bytes)) << testing::PrintToString(bytes);
        }
}

TEST(Utf8, AgreesWithTheReferenceOnRandomBytes) {
  std::mt19937 random{2};
  int valid = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes;
    for (auto pieces = random() % 6; pieces > 0; --pieces) {
      const auto what = random() % 16;
      if (what < 8)
        bytes.append(random() % 20, 'a');
      else if (what < 15)
        bytes += encoded(static_cast<std::uint32_t>(random() % 0x110000));
      else
        bytes += static_cast<char>(random() % 256);
    }
    if (!bytes.empty() && random() % 4 == 0) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    if (random() % 8 == 0) bytes.erase(bytes.size() - bytes.size() / 7);
    const bool expected = naive_is_valid(bytes);
    valid += expected;
    ASSERT_EQ(is_valid_utf8(bytes), expected) << testing::PrintToString(bytes);
  }
  EXPECT_GT(valid, 20'000);
  EXPECT_LT(valid, 80'000);
}

TEST(Utf8, FindsTheOneBadByteWhereverItIs) {
  for (std::size_t length = 1; length < 40; ++length)
    for (std::size_t at = 0; at < length; ++at) {
      std::string bytes(length, 'a');
      ASSERT_TRUE(is_valid_utf8(bytes));
      bytes[at] = '\x80';
      ASSERT_FALSE(is_valid_utf8(bytes)) << at << " of " << length;
    }
}

TEST(Utf8, FindsASequenceThatIsCutOff) {
  const std::string whole = "12345678\xf0\x9f\x9a\xb2";
  EXPECT_TRUE(is_valid_utf8(whole));
  for (std::size_t length = 9; length < whole.size(); ++length)
    EXPECT_FALSE(is_valid_utf8(std::string_view(whole).substr(0, length))) << length;
}

}  // namespace
}  // namespace event_relay
