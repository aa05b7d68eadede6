#include "journal/connection_string.hpp"

#include <array>
#include <utility>
#include <vector>

namespace event_relay {
namespace {

using namespace std::string_view_literals;

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> defaults{{
    {"connect_timeout", "3"},
    // A peer that vanished without a FIN is noticed by these; unacknowledged requests by the last one (Linux, ms).
    {"keepalives_idle", "5"},
    {"keepalives_interval", "2"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "10000"},
    {"client_encoding", "UTF8"},
    // "fallback": an application_name of the url or of PGAPPNAME wins.
    {"fallback_application_name", "event-relay"},
}};

bool is_uri(std::string_view url) {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

/// With several hosts in the url the role decides. A standby cannot append.
std::string join(std::string_view separator, server_role role) {
  std::string text{"target_session_attrs="};
  text += role == server_role::writable ? "read-write" : "prefer-standby";
  for (const auto& [key, value] : defaults) {
    text.append(separator).append(key).append("=").append(value);
  }
  return text;
}

/// Start of the part after "user:password@". libpq looks for the '@' only up to the first '/'.
std::size_t after_credentials(std::string_view uri) {
  const auto start = uri.find("://") + 3;
  const auto stop = uri.find_first_of("@/", start);
  return stop != std::string_view::npos && uri[stop] == '@' ? stop + 1 : start;
}

std::string percent_decoded(std::string_view text) {
  const auto digit = [](char c) {
    return "0123456789abcdef"sv.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) < 16 && digit(text[i + 2]) < 16) {
      decoded += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// The value of `password=` or `sslpassword=`, as it stands there.
void collect_assignments(std::string_view url, std::vector<std::string>& secrets) {
  constexpr auto key = "password"sv;
  for (auto at = url.find(key); at != std::string_view::npos; at = url.find(key, at + 1)) {
    auto start = url.find_first_not_of(" \t\r\n", at + key.size());
    if (start == std::string_view::npos || url[start] != '=') continue;
    start = url.find_first_not_of(" \t\r\n", start + 1);
    if (start == std::string_view::npos) return;
    const bool quoted = url[start] == '\'';
    std::string value;
    for (auto i = start + (quoted ? 1 : 0); i < url.size(); ++i) {
      if (quoted ? url[i] == '\'' : " \t\r\n&"sv.find(url[i]) != std::string_view::npos) break;
      if (url[i] == '\\' && i + 1 < url.size()) ++i;
      value += url[i];
    }
    secrets.push_back(value);
  }
}

std::vector<std::string> secrets_of(std::string_view url) {
  std::vector<std::string> secrets;
  collect_assignments(url, secrets);
  if (is_uri(url)) {
    const auto start = url.find("://") + 3;
    const auto end = after_credentials(url);
    const auto colon = url.find(':', start);
    if (colon != std::string_view::npos && colon < end) secrets.emplace_back(url.substr(colon + 1, end - colon - 2));
  }
  for (std::size_t i = 0, n = secrets.size(); i < n; ++i) secrets.push_back(percent_decoded(secrets[i]));
  return secrets;
}

/// A '/' in a password ends libpq's search for credentials, and the password is then taken for host and port.
bool has_stray_at(std::string_view url) {
  if (!is_uri(url)) return false;
  const auto at = url.find('@', after_credentials(url));
  return at < url.find('?');
}

}  // namespace

// libpq takes the last of several values of one key, so what comes first is a default.
std::string with_connection_defaults(std::string_view url, server_role role) {
  if (!is_uri(url)) return join(" ", role).append(" ").append(url);
  const auto query = url.find('?', after_credentials(url));
  std::string text{url.substr(0, query)};
  text.append("?").append(join("&", role));
  if (query != std::string_view::npos && query + 1 < url.size()) text.append("&").append(url.substr(query + 1));
  return text;
}

std::string safe_reason(std::string_view message, std::string_view url) {
  std::string reason{message.substr(0, message.find('\n'))};
  const bool about_the_server =
      reason.starts_with("connection to server") || reason.starts_with("could not translate host name");
  if (!about_the_server || has_stray_at(url))
    return "the connection string cannot be used as it is (it may hold a password, so it is not shown)";
  for (const auto& secret : secrets_of(url)) {
    if (secret.empty()) continue;
    for (auto at = reason.find(secret); at != std::string::npos; at = reason.find(secret, at + 3))
      reason.replace(at, secret.size(), "***");
  }
  return reason;
}

}  // namespace event_relay
