#include "event_relay/core/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace event_relay {
namespace {

struct sequence {
  std::size_t length = 0;  // 0: no sequence starts with this byte
  unsigned char second_low = 0x80;
  unsigned char second_high = 0xbf;
};

// RFC 3629, section 4: the second byte's range is narrower after E0, ED, F0 and F4.
constexpr sequence sequence_of(unsigned char lead) noexcept {
  if (lead < 0x80) return {1};
  if (lead < 0xc2) return {0};
  if (lead < 0xe0) return {2};
  if (lead == 0xe0) return {3, 0xa0, 0xbf};
  if (lead == 0xed) return {3, 0x80, 0x9f};
  if (lead < 0xf0) return {3};
  if (lead == 0xf0) return {4, 0x90, 0xbf};
  if (lead < 0xf4) return {4};
  if (lead == 0xf4) return {4, 0x80, 0x8f};
  return {0};
}

bool eight_ascii(const char* bytes) noexcept {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return (word & 0x8080808080808080u) == 0;
}

}  // namespace

bool is_valid_utf8(std::string_view bytes) noexcept {
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (at != end) {
    if (end - at >= 8 && eight_ascii(at)) {
      at += 8;
      continue;
    }
    const auto rule = sequence_of(static_cast<unsigned char>(*at));
    if (rule.length == 0 || static_cast<std::size_t>(end - at) < rule.length) return false;
    for (std::size_t i = 1; i < rule.length; ++i) {
      const auto byte = static_cast<unsigned char>(at[i]);
      const auto low = i == 1 ? rule.second_low : 0x80;
      const auto high = i == 1 ? rule.second_high : 0xbf;
      if (byte < low || byte > high) return false;
    }
    at += rule.length;
  }
  return true;
}

}  // namespace event_relay
