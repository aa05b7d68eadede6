#include "event_relay/http/request_id.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <random>

namespace event_relay::http {
namespace {

constexpr std::size_t longest = 128;

bool is_allowed(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' || c == '-';
}

/// Each thread counts from a random number, and scatters what it counted (splitmix64, which gives no number twice): the
/// system is asked for randomness once.
std::uint64_t next_number() {
  thread_local std::uint64_t state = [] {
    std::random_device random;
    return (std::uint64_t{random()} << 32) | random();
  }();
  auto mixed = state += 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

}  // namespace

bool is_request_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, is_allowed);
}

std::string request_id_of(const request_header& header) {
  const auto [first, last] = header.equal_range(request_id_header);
  if (first != last && std::next(first) == last) {
    const std::string_view given(first->value().data(), first->value().size());
    if (is_request_id(given)) return std::string(given);
  }
  return make_request_id();
}

std::string make_request_id() {
  // 13 digits of five bits hold 64; so short a string needs no memory of its own.
  constexpr std::string_view digits = "0123456789abcdefghjkmnpqrstvwxyz";
  std::array<char, 13> text;
  auto number = next_number();
  for (char& c : text) {
    c = digits[number % digits.size()];
    number /= digits.size();
  }
  return {text.data(), text.size()};
}

}  // namespace event_relay::http
