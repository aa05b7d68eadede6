#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/connection_string.hpp"
#include "event_relay/core/units.hpp"

#include <algorithm>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// How a member of config is written as text and read back. read() leaves the value alone when it returns false.
namespace event_relay::option_forms {

struct text {
  static constexpr std::string_view unit = "TEXT";
  static constexpr std::string_view allowed = "a text";
  static bool read(std::string& value, std::string_view from) {
    value = from;
    return true;
  }
  static std::string write(const std::string& value) { return value; }
};

/// Text with another name for its unit in --help.
struct address : text {
  static constexpr std::string_view unit = "ADDRESS";
};
struct connection : text {
  static constexpr std::string_view unit = "URL";
  static std::string without_secret(std::string_view value) { return without_secrets(value); }
};
struct level : text {
  static constexpr std::string_view unit = "LEVEL";
};

template <std::unsigned_integral Number>
bool read_number(Number& value, std::optional<std::uint64_t> number) {
  if (!number || *number > std::numeric_limits<Number>::max()) return false;
  value = static_cast<Number>(*number);
  return true;
}

struct count {
  static constexpr std::string_view unit = "COUNT";
  static constexpr std::string_view allowed = "a whole number";
  template <std::unsigned_integral Number>
  static bool read(Number& value, std::string_view from) {
    return read_number(value, parse_count(from));
  }
  template <std::unsigned_integral Number>
  static std::string write(Number value) {
    return std::to_string(value);
  }
};

struct port : count {
  static constexpr std::string_view unit = "PORT";
  static constexpr std::string_view allowed = "a number from 0 to 65535";
};

struct size {
  static constexpr std::string_view unit = "SIZE";
  static constexpr std::string_view allowed = "a number of bytes, or one with KiB, MiB or GiB, e.g. 64MiB";
  static bool read(std::size_t& value, std::string_view from) { return read_number(value, parse_size(from)); }
  static std::string write(std::size_t value) { return format_size(value); }
};

struct duration {
  static constexpr std::string_view unit = "DURATION";
  static constexpr std::string_view allowed = "a whole number with ms, s, m or h, e.g. 15s";
  static bool read(std::chrono::milliseconds& value, std::string_view from) {
    const auto parsed = parse_duration(from);
    if (parsed) value = *parsed;
    return parsed.has_value();
  }
  static std::string write(std::chrono::milliseconds value) { return format_duration(value); }
};

struct whole_seconds : duration {
  static constexpr std::string_view allowed = "a whole number with s, m or h (or ms that make whole seconds), e.g. 24h";
  static bool read(std::chrono::seconds& value, std::string_view from) {
    const auto parsed = parse_duration(from);
    if (!parsed || *parsed % std::chrono::seconds{1} != std::chrono::milliseconds{0}) return false;
    value = std::chrono::duration_cast<std::chrono::seconds>(*parsed);
    return true;
  }
};

struct list {
  static constexpr std::string_view unit = "LIST";
  static constexpr std::string_view allowed = "a comma separated list without empty items";
  static bool read(std::vector<std::string>& value, std::string_view from);
  static std::string write(const std::vector<std::string>& value);
};

struct tokens : list {
  static std::string without_secret(std::string_view value) { return value.empty() ? "" : "***"; }
};

/// One of a few words. Words is an array of pairs of value and word.
template <const auto& Words>
struct choice {
  using value_type = decltype(Words[0].first);
  static bool read(value_type& value, std::string_view from) {
    const auto found = std::ranges::find(Words, from, [](const auto& word) { return word.second; });
    if (found == Words.end()) return false;
    value = found->first;
    return true;
  }
  static std::string write(value_type value) {
    return std::string{std::ranges::find(Words, value, [](const auto& word) { return word.first; })->second};
  }
};

}  // namespace event_relay::option_forms
