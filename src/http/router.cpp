#include "event_relay/http/endpoint.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace event_relay::http {
namespace {

constexpr std::string_view reading = "GET, HEAD, OPTIONS";

constexpr endpoint to_read(awaitable<answer> (*handle)(exchange&)) { return {.allow = reading, .handle = handle}; }

constexpr auto events = to_read(stream_events);
constexpr auto event = to_read(get_event);
constexpr auto consumers = to_read(list_consumers);
constexpr endpoint consumer{.allow = "GET, HEAD, DELETE, OPTIONS", .deletes = true, .handle = show_or_remove_consumer};
constexpr auto health = to_read(report_health);
constexpr auto readiness = to_read(report_readiness);
constexpr auto metrics = to_read(report_metrics);
constexpr endpoint topic{.allow = "POST, OPTIONS",
                         .takes_body = true,
                         .check = check_publish,
                         .too_large = published_too_much,
                         .handle = publish};

constexpr endpoint to_command(awaitable<answer> (*handle)(exchange&)) {
  return {.allow = "POST, OPTIONS",
          .takes_body = true,
          .check = check_consumer_command,
          .too_large = said_too_much,
          .handle = handle};
}

constexpr auto consumer_acknowledgement = to_command(acknowledge);
constexpr auto consumer_reset = to_command(reset_consumer);

std::variant<const endpoint*, problem> route_consumer(std::span<const std::string> path) {
  if (path.size() == 1) return &consumers;
  if (path.size() > 3) return problem(errc::no_such_path);
  if (!check_topic_name(path[1])) return problem(errc::bad_consumer_name, "consumer");
  if (path.size() == 2) return &consumer;
  if (path[2] == "ack") return &consumer_acknowledgement;
  if (path[2] == "reset") return &consumer_reset;
  return problem(errc::no_such_path);
}

}  // namespace

std::variant<const endpoint*, problem> route(std::span<const std::string> path, const config& configuration) {
  if (path.size() == 2 && path[0] == "events") return &event;
  if (!path.empty() && path[0] == "consumers") return route_consumer(path);
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
