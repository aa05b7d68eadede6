#include "core/config_checks.hpp"

#include "event_relay/core/units.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace event_relay {
namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_lower(text.front()) && std::ranges::all_of(text, [](char c) {
    return is_lower(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    const std::string inside{text.substr(1, text.size() - 2)};
    return inside.find(':') != std::string::npos && is_ip_address(inside);
  }
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_lower(c) || is_digit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_port(std::string_view text) {
  const auto number = parse_count(text);
  return number && *number >= 1 && *number <= 65'535;
}

}  // namespace

void config_checks::refuse(std::string_view key, std::string text) {
  problems_.push_back({std::string{key}, std::move(text)});
}

void config_checks::require(bool holds, std::string_view key, std::string text) {
  if (!holds) refuse(key, std::move(text));
}

void config_checks::between(std::string_view key, std::chrono::milliseconds value, std::chrono::milliseconds least,
                            std::chrono::milliseconds most) {
  if (value < least || value > most)
    outside(key, format_duration(value), format_duration(least), format_duration(most));
}

void config_checks::between(std::string_view key, std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  if (value < least || value > most) outside(key, std::to_string(value), std::to_string(least), std::to_string(most));
}

void config_checks::size_between(std::string_view key, std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  if (value < least || value > most) outside(key, format_size(value), format_size(least), format_size(most));
}

void config_checks::outside(std::string_view key, const std::string& value, const std::string& least,
                            const std::string& most) {
  refuse(key, "must be between " + least + " and " + most + ", is " + value);
}

bool is_ip_address(const std::string& text) {
  // inet_pton() takes a C string: what follows a NUL would go unseen.
  if (text.find('\0') != std::string::npos) return false;
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, text.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), address.data()) == 1;
}

bool is_access_token(std::string_view text) {
  if (text.size() < 16 || text.size() > 512) return false;
  while (text.ends_with('=')) text.remove_suffix(1);
  static constexpr std::string_view marks = "-._~+/";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
  });
}

// Browsers compare and send the ASCII serialisation (RFC 6454 6.2), so any other spelling would never match.
bool is_cors_origin(std::string_view text) {
  if (text == "*") return true;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) return false;
  const auto authority = text.substr(colon + 3);
  const auto port = authority.find(':', authority.starts_with('[') ? authority.find(']') : 0);
  if (port == std::string_view::npos) return is_host(authority);
  return is_host(authority.substr(0, port)) && is_port(authority.substr(port + 1));
}

}  // namespace event_relay
