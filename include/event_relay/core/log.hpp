#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// The log for every room: a constant message and named values.
///
///     log::info("listening", {{"address", address}, {"port", port}});
///
/// In text format this is `listening address=127.0.0.1 port=40123`, in JSON format one object a line with time, level,
/// message and the fields. Values that came from outside are safe in both: they are escaped, so that nobody can write
/// a log line of their own. Any thread; never throws; silent until app/logging.hpp has set it up.
namespace event_relay::log {

enum class level : int { trace, debug, info, warn, error, off };
enum class format : int { text, json };

// A char is no number: its author meant the character.
template <class T>
concept signed_number = std::signed_integral<T> && !std::same_as<T, char>;
template <class T>
concept unsigned_number = std::unsigned_integral<T> && !std::same_as<T, bool>;

/// Refers to the text it is given, so it must not outlive the statement that logs.
class field_value {
 public:
  field_value(std::string_view text) noexcept : value_{text} {}
  field_value(const char* text) noexcept : value_{std::string_view{text}} {}
  field_value(const std::string& text) noexcept : value_{std::string_view{text}} {}
  field_value(double number) noexcept : value_{number} {}

  // Exactly bool: otherwise every pointer would be logged as true.
  template <std::same_as<bool> T>
  field_value(T flag) noexcept : value_{flag} {}

  template <signed_number T>
  field_value(T number) noexcept : value_{std::int64_t{number}} {}

  template <unsigned_number T>
  field_value(T number) noexcept : value_{std::uint64_t{number}} {}

  template <class Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    return std::visit(visitor, value_);
  }

 private:
  std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool> value_;
};

struct field {
  std::string_view key;
  field_value value;
};

namespace detail {
inline std::atomic<level> threshold{level::off};
}

/// Whether a line of this level would be written. For values that are dear to compute; a line that is off costs one
/// relaxed load and the evaluation of its arguments.
inline bool enabled(level severity) noexcept {
  return severity >= detail::threshold.load(std::memory_order_relaxed);
}

/// What is written from now on, and how.
void configure(level least, format shape) noexcept;

/// Writes the line whatever the level; the functions below look at the level first.
void write(level severity, std::string_view message, std::span<const field> fields) noexcept;

inline void trace(std::string_view message, std::initializer_list<field> fields = {}) noexcept {
  if (enabled(level::trace)) write(level::trace, message, {fields.begin(), fields.size()});
}

inline void debug(std::string_view message, std::initializer_list<field> fields = {}) noexcept {
  if (enabled(level::debug)) write(level::debug, message, {fields.begin(), fields.size()});
}

inline void info(std::string_view message, std::initializer_list<field> fields = {}) noexcept {
  if (enabled(level::info)) write(level::info, message, {fields.begin(), fields.size()});
}

inline void warn(std::string_view message, std::initializer_list<field> fields = {}) noexcept {
  if (enabled(level::warn)) write(level::warn, message, {fields.begin(), fields.size()});
}

inline void error(std::string_view message, std::initializer_list<field> fields = {}) noexcept {
  if (enabled(level::error)) write(level::error, message, {fields.begin(), fields.size()});
}

}  // namespace event_relay::log
