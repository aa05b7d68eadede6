#include "app/client_commands.hpp"

#include "event_relay/client/healthcheck.hpp"
#include "event_relay/core/log_line.hpp"

#include <algorithm>
#include <iostream>

namespace event_relay {
namespace {

using words = std::vector<std::string>;

constexpr std::string_view healthcheck_help =
    "Usage: event-relay healthcheck [--live] [URL]\n"
    "       event-relay healthcheck [--live] [OPTION OF THE RELAY]...\n\n"
    "Asks a relay whether it can publish and stream (/readyz). Prints one line; exit code 0: it can, 1: it cannot.\n"
    "Without a URL it is the relay that the same options, environment and --config file would start, so that the\n"
    "command works in the relay's own container as it is. Waits for 5 s at most.\n\n"
    "  --live  only whether the process answers (/healthz), not whether its journal is there\n";

/// What Docker keeps for itself is every code but 0 and 1.
early_exit unhealthy(const std::string& why) {
  return {1, why};
}

/// Takes the URL out of the words; it is none if it could be the value of the option before it.
std::string take_url(words& from) {
  for (auto word = from.begin(); word != from.end(); ++word) {
    if (!word->starts_with("http://") && !word->starts_with("https://")) continue;
    if (word != from.begin() && std::prev(word)->starts_with("--") && std::prev(word)->find('=') == std::string::npos)
      continue;
    auto url = std::move(*word);
    from.erase(word);
    return url;
  }
  return {};
}

std::variant<client::relay_address, early_exit> own_relay(const words& options, const char* const* environment) {
  std::vector<const char*> arguments{"healthcheck"};
  for (const auto& word : options) arguments.push_back(word.c_str());
  arguments.push_back(nullptr);
  const auto listener = read_listener(arguments.data(), environment);
  if (const auto* wrong = std::get_if<early_exit>(&listener)) return unhealthy(wrong->text);
  const auto& http = std::get<http_config>(listener);
  if (http.port == 0) return unhealthy("event-relay: http.port is 0, a port that only the log tells: give the URL\n");
  return client::relay_address::of_listener(http.address, http.port);
}

std::variant<client::relay_address, early_exit> relay_at(const std::string& url, const words& others) {
  if (!others.empty())
    return unhealthy("event-relay: healthcheck takes a URL or options of the relay, not both: " +
                     log::quoted(others.front()) + "\n");
  if (auto relay = client::relay_address::parse(url)) return *std::move(relay);
  return unhealthy("event-relay: not the URL of a relay, e.g. http://127.0.0.1:8080: " + log::quoted(url) + "\n");
}

}  // namespace

client_outcome healthcheck(const std::vector<std::string>& given, const char* const* environment) {
  auto left = given;
  if (std::ranges::find(left, "--help") != left.end()) return early_exit{0, std::string(healthcheck_help)};
  const bool live = std::erase(left, "--live") > 0;
  const auto url = take_url(left);
  auto relay = url.empty() ? own_relay(left, environment) : relay_at(url, left);
  if (auto* wrong = std::get_if<early_exit>(&relay)) return std::move(*wrong);
  return client::run_healthcheck({std::get<client::relay_address>(std::move(relay)), live}, std::cout);
}

}  // namespace event_relay
