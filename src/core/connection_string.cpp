#include "event_relay/core/connection_string.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace event_relay {
namespace {

constexpr std::string_view hidden = "***";
constexpr std::string_view spaces = " \t\r\n\f\v";

// By part of the name: password, sslpassword, passfile and whatever a later libpq adds.
bool is_secret(std::string_view key) {
  // libpq decodes keywords of a URL too, so pass%77ord is a password; no keyword needs an escape.
  return key.find("pass") != std::string_view::npos || key.find("secret") != std::string_view::npos ||
         key.find('%') != std::string_view::npos;
}

// psql and PQconnectdbParams() take a whole URL as dbname.
bool is_url(std::string_view value) {
  return value.find("://") != std::string_view::npos;
}

// libpq ends the user information at the first @, but a password with an unescaped @, / or ? reaches the log as well,
// through the URL that failed to work. So everything up to the last @ is taken for one.
std::string hide_user_password(std::string_view url, std::size_t authority) {
  const auto at = url.rfind('@');
  const auto colon = url.find(':', authority);
  if (at == std::string_view::npos || colon == std::string_view::npos || colon > at) return std::string{url};
  return std::string{url.substr(0, colon + 1)}.append(hidden).append(url.substr(at));
}

std::string hide_in_url(std::string_view url, std::size_t authority) {
  auto text = hide_user_password(url, authority);
  const auto query = text.find('?');
  if (query == std::string::npos) return text;
  auto out = text.substr(0, query + 1);
  for (auto from = query + 1; from <= text.size();) {
    const auto end = std::min(text.find('&', from), text.size());
    const auto word = std::string_view{text}.substr(from, end - from);
    const auto key = word.substr(0, word.find('='));
    out.append(is_secret(key) ? std::string{key}.append("=").append(hidden) : std::string{word});
    if (end < text.size()) out += '&';
    from = end + 1;
  }
  return out;
}

void skip_spaces(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(spaces), rest.size()));
}

// Takes one value off the front as libpq reads it: 'quoted', or up to a space; a backslash takes the next byte along.
std::optional<std::string_view> take_value(std::string_view& rest) {
  const bool in_quotes = rest.starts_with('\'');
  for (std::size_t i = in_quotes ? 1 : 0; i < rest.size(); ++i) {
    if (rest[i] == '\\') {
      ++i;
    } else if (in_quotes ? rest[i] == '\'' : spaces.find(rest[i]) != std::string_view::npos) {
      const auto value = rest.substr(0, in_quotes ? i + 1 : i);
      rest.remove_prefix(value.size());
      return value;
    }
  }
  if (in_quotes) return std::nullopt;
  return std::exchange(rest, {});
}

std::string hide_in_words(std::string_view rest) {
  std::string out;
  for (skip_spaces(rest); !rest.empty(); skip_spaces(rest)) {
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return std::string{hidden};
    auto key = rest.substr(0, equals);
    key = key.substr(0, key.find_last_not_of(spaces) + 1);
    if (key.empty() || key.find_first_of(spaces) != std::string_view::npos) return std::string{hidden};
    rest.remove_prefix(equals + 1);
    skip_spaces(rest);
    const auto value = take_value(rest);
    if (!value) return std::string{hidden};
    if (!out.empty()) out += ' ';
    out.append(key).append("=").append(is_secret(key) || is_url(*value) ? hidden : *value);
  }
  return out;
}

}  // namespace

std::optional<std::string_view> sqlite_path(std::string_view connection_string) {
  constexpr std::string_view scheme = "sqlite:";
  if (!connection_string.starts_with(scheme)) return std::nullopt;
  return connection_string.substr(scheme.size());
}

std::string without_secrets(std::string_view connection_string) {
  if (sqlite_path(connection_string)) return std::string{connection_string};
  for (const std::string_view scheme : {"postgresql://", "postgres://"})
    if (connection_string.starts_with(scheme)) return hide_in_url(connection_string, scheme.size());
  // libpq knows no other scheme; as words this would show the password of, say, Postgres://user:password@host?a=b.
  if (connection_string.find("://") < connection_string.find('=')) return std::string{hidden};
  return hide_in_words(connection_string);
}

}  // namespace event_relay
