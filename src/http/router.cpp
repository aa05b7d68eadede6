#include "event_relay/http/endpoint.hpp"

#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <iterator>
#include <ranges>

namespace event_relay::http {
namespace {

constexpr std::string_view reading = "GET, HEAD, OPTIONS";

constexpr endpoint for_everybody(std::string_view path, awaitable<answer> (*handle)(exchange&)) {
  return {.path = path, .allow = reading, .handle = handle};
}

constexpr endpoint to_read(std::string_view path, awaitable<answer> (*handle)(exchange&)) {
  return {.path = path, .allow = reading, .needs = access_scope::read, .handle = handle};
}

constexpr endpoint to_command(std::string_view path, awaitable<answer> (*handle)(exchange&)) {
  return {.path = path,
          .allow = "POST, OPTIONS",
          .needs = access_scope::read,
          .takes_body = true,
          .check = check_consumer_command,
          .too_large = said_too_much,
          .handle = handle};
}

constexpr endpoint consumer{.path = "/consumers/{consumer}",
                            .allow = "GET, HEAD, DELETE, OPTIONS",
                            .needs = access_scope::read,
                            .deletes = true,
                            .handle = show_or_remove_consumer};
constexpr endpoint topic{.path = "/{topic}",
                         .allow = "POST, OPTIONS",
                         .needs = access_scope::publish,
                         .takes_body = true,
                         .check = check_publish,
                         .too_large = published_too_much,
                         .handle = publish};

/// The first that fits is taken, so topics come last.
constexpr endpoint table[] = {for_everybody("/", show_console),
                              for_everybody("/console/{file}", show_console),
                              to_read("/events", stream_events),
                              to_read("/events/{id}", get_event),
                              to_read("/consumers", list_consumers),
                              consumer,
                              to_command("/consumers/{consumer}/ack", acknowledge),
                              to_command("/consumers/{consumer}/reset", reset_consumer),
                              for_everybody("/healthz", report_health),
                              for_everybody("/readyz", report_readiness),
                              to_read("/metrics", report_metrics),
                              to_read("/status", report_status),
                              for_everybody("/openapi.json", describe_interface),
                              topic};

bool fits(std::string_view pattern, std::span<const std::string> path) {
  return std::ranges::equal(path, std::views::split(pattern.substr(1), '/'), [](const auto& given, const auto& part) {
    const std::string_view wanted(part.begin(), part.end());
    return wanted.starts_with('{') || wanted == given;
  });
}

}  // namespace

std::span<const endpoint> endpoints() noexcept { return table; }

std::variant<const endpoint*, problem> route(std::span<const std::string> path, const config& configuration) {
  const auto* row = std::ranges::find_if(table, [path](const endpoint& one) { return fits(one.path, path); });
  if (row == std::end(table)) return problem(errc::no_such_path);
  if (row->handle == show_console && !configuration.http.console) return problem(errc::no_such_path);
  if (row->path.starts_with("/consumers/") && !check_topic_name(path[1]))
    return problem(errc::bad_consumer_name, "consumer");
  if (row->path == "/{topic}" && std::ranges::find(configuration.topics, path[0]) == configuration.topics.end())
    return problem(errc::unknown_topic, "topic");
  return row;
}

response json_response(boost::beast::http::status status, std::string body) {
  response answer(status, 11);
  answer.set(boost::beast::http::field::content_type, "application/json");
  answer.body() = std::move(body);
  return answer;
}

}  // namespace event_relay::http
