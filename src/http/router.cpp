#include "event_relay/http/endpoint.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace event_relay::http {
namespace {

constexpr std::string_view reading = "GET, HEAD, OPTIONS";

constexpr endpoint events{reading, false, nullptr, stream_events};
constexpr endpoint event{reading, false, nullptr, get_event};
constexpr endpoint health{reading, false, nullptr, report_health};
constexpr endpoint readiness{reading, false, nullptr, report_readiness};
constexpr endpoint metrics{reading, false, nullptr, report_metrics};
constexpr endpoint topic{"POST, OPTIONS", true, check_publish, publish};

}  // namespace

std::variant<const endpoint*, problem> route(std::span<const std::string> path, const config& configuration) {
  if (path.size() == 2 && path[0] == "events") return &event;
  if (path.size() != 1) return problem(errc::no_such_path);
  const auto& name = path.front();
  if (name == "events") return &events;
  if (name == "healthz") return &health;
  if (name == "readyz") return &readiness;
  if (name == "metrics") return &metrics;
  if (std::ranges::find(configuration.topics, name) != configuration.topics.end()) return &topic;
  return problem(errc::unknown_topic, "topic");
}

response json_response(boost::beast::http::status status, std::string body) {
  response answer(status, 11);
  answer.set(boost::beast::http::field::content_type, "application/json");
  answer.body() = std::move(body);
  return answer;
}

}  // namespace event_relay::http
