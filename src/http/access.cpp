#include "event_relay/http/access.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>

namespace event_relay::http {
namespace {

constexpr auto header_name = "Authorization";
constexpr auto parameter_name = "access_token";

/// In a time that does not tell how much of a guess is right.
bool same(std::string_view token, std::string_view guess) {
  if (token.size() != guess.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < token.size(); ++i)
    difference = static_cast<unsigned char>(difference | (token[i] ^ guess[i]));
  return difference == 0;
}

bool is_one_of(const std::vector<std::string>& tokens, std::string_view shown) {
  return std::ranges::any_of(tokens, [shown](const auto& token) { return same(token, shown); });
}

/// Credentials of another scheme are somebody else's, such as those of a proxy with a password that hands them on.
std::vector<std::string> tokens_shown(const request& asked) {
  constexpr std::string_view scheme = "Bearer ";
  auto shown = asked.method() == boost::beast::http::verb::post ? std::vector<std::string>()
                                                                : asked.parameter_values(parameter_name);
  for (const auto& credentials : asked.header_values(header_name)) {
    if (!boost::algorithm::istarts_with(credentials, scheme)) continue;
    const auto begin = credentials.find_first_not_of(' ', scheme.size());
    shown.push_back(begin == std::string::npos ? std::string() : credentials.substr(begin));
  }
  return shown;
}

}  // namespace

std::optional<problem> check_access(access_scope needed, const request& asked, const access_config& options) {
  if (needed == access_scope::none || (options.read_tokens.empty() && options.publish_tokens.empty()))
    return std::nullopt;
  const auto shown = tokens_shown(asked);
  if (shown.size() > 1) return problem(errc::two_tokens, header_name);
  const auto& opening = needed == access_scope::read ? options.read_tokens : options.publish_tokens;
  if (shown.empty()) return opening.empty() ? std::nullopt : std::optional(problem(errc::no_token, header_name));
  const auto& token = shown.front();
  if (is_one_of(opening, token)) return std::nullopt;
  const bool known = is_one_of(options.read_tokens, token) || is_one_of(options.publish_tokens, token);
  if (!known) return problem(errc::unknown_token, header_name);
  return opening.empty() ? std::nullopt : std::optional(problem(errc::token_not_allowed, header_name));
}

}  // namespace event_relay::http
