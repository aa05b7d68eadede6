#include "event_relay/client/refusal.hpp"

#include "event_relay/core/units.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace event_relay::client {
namespace {

using json = nlohmann::json;

constexpr std::string_view relay_problem = "urn:event-relay:problem:";
constexpr std::uint64_t longest_pause = 3'600;

std::string text_of(const json& object, const char* name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

/// The members that say what exactly is wrong.
std::string particulars(const json& problem) {
  std::string text;
  for (const auto* name : {"field", "line", "index", "limit"}) {
    const auto member = problem.find(name);
    if (member == problem.end()) continue;
    text.append(text.empty() ? " (" : ", ").append(name).append(" ");
    text.append(member->is_string() ? member->get<std::string>() : member->dump());
  }
  return text.empty() ? text : text + ")";
}

/// What a stranger's server says must not steer the terminal.
std::string visible(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, '?');
  return text;
}

}  // namespace

bool refusal::is_passing() const noexcept {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

std::string refusal::text() const {
  auto text = std::to_string(status);
  if (!reason.empty()) text.append(" ").append(reason);
  if (!detail.empty()) text.append(": ").append(detail);
  return visible(std::move(text));
}

refusal read_refusal(const http_response& response) {
  refusal read;
  read.status = response.head.status;
  if (const auto seconds = parse_count(response.head.header("Retry-After")))
    read.retry_after = std::chrono::seconds(std::min(*seconds, longest_pause));
  const auto problem = json::parse(response.body, nullptr, false);
  if (!problem.is_object()) {
    const auto server = std::string(response.head.header("Server"));
    if (!server.empty()) read.detail = "from " + server + ", not from a relay";
    return read;
  }
  if (const auto type = text_of(problem, "type"); type.starts_with(relay_problem))
    read.reason = type.substr(relay_problem.size());
  read.detail = text_of(problem, "detail");
  if (read.detail.empty()) read.detail = text_of(problem, "status");
  read.detail += particulars(problem);
  return read;
}

}  // namespace event_relay::client
