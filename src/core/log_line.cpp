#include "event_relay/core/log_line.hpp"

#include "event_relay/core/utf8.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

namespace event_relay::log {
namespace {

bool is_plain(char c) {
  return c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '=';
}

void append_hex(std::string& out, const char* prefix, unsigned code, int digits) {
  std::array<char, 8> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%0*x", digits, code);
  out.append(prefix).append(buffer.data());
}

unsigned byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

// C1 controls drive terminals as well as ESC does; U+2028/9 end a line and U+202A to E turn its direction in viewers.
// Returns the number of bytes of such a character at i, 0 if there is none, and its code point.
std::size_t dangerous_character(std::string_view text, std::size_t i, unsigned& code_point) {
  if (byte_at(text, i) == 0xc2 && byte_at(text, i + 1) < 0xa0) {
    code_point = byte_at(text, i + 1);
    return 2;
  }
  const auto last = byte_at(text, i + 2);
  if (byte_at(text, i) == 0xe2 && byte_at(text, i + 1) == 0x80 && last >= 0xa8 && last <= 0xae) {
    code_point = 0x2000 + (last & 0x3fU);
    return 3;
  }
  return 0;
}

bool append_short_escape(std::string& out, char c) {
  switch (c) {
    case '\n': out += "\\n"; return true;
    case '\r': out += "\\r"; return true;
    case '\t': out += "\\t"; return true;
    default: return false;
  }
}

void append_escaped(std::string& out, std::string_view text, bool inside_quotes) {
  const bool utf8 = is_valid_utf8(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = byte_at(text, i);
    unsigned code_point = 0;
    if (append_short_escape(out, text[i])) continue;
    if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8)) {
      append_hex(out, "\\x", byte, 2);
    } else if (const auto length = dangerous_character(text, i, code_point); length > 0) {
      append_hex(out, "\\u", code_point, 4);
      i += length - 1;
    } else {
      if (inside_quotes && (text[i] == '"' || text[i] == '\\')) out += '\\';
      out += text[i];
    }
  }
}

struct text_of_value {
  std::string operator()(std::string_view text) const { return quoted(text); }
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(std::uint64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const {
    std::array<char, 32> buffer{};
    const auto [end, error] = std::to_chars(buffer.begin(), buffer.end(), number);
    return {buffer.begin(), end};
  }
};

std::string timestamp(time_point time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time - whole).count();
  const auto seconds = std::chrono::system_clock::to_time_t(whole);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &utc);
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%s.%03dZ", date.data(), static_cast<int>(milliseconds));
  return text.data();
}

}  // namespace

std::string_view name_of(level severity) noexcept {
  switch (severity) {
    case level::trace: return "trace";
    case level::debug: return "debug";
    case level::info: return "info";
    case level::warn: return "warn";
    case level::error: return "error";
    case level::off: return "off";
  }
  return "unknown";
}

std::string quoted(std::string_view text) {
  if (!text.empty() && std::ranges::all_of(text, is_plain)) return std::string{text};
  std::string out = "\"";
  append_escaped(out, text, true);
  return out += '"';
}

std::string text_line(time_point time, level severity, std::string_view message, std::span<const field> fields) {
  auto line = timestamp(time).append(" ").append(name_of(severity)).append(" ");
  append_escaped(line, message, false);
  for (const auto& [key, value] : fields) line.append(" ").append(key).append("=").append(value.visit(text_of_value{}));
  return line;
}

std::string json_line(time_point time, level severity, std::string_view message, std::span<const field> fields) {
  nlohmann::ordered_json object;
  object["time"] = timestamp(time);
  object["level"] = name_of(severity);
  object["message"] = message;
  // emplace() keeps what is there: a field called "level" must not forge the level.
  for (const auto& field : fields)
    field.value.visit([&](const auto& typed) { object.emplace(std::string{field.key}, typed); });
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace event_relay::log
