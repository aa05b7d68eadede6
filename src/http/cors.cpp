#include "event_relay/http/cors.hpp"

#include <algorithm>

namespace event_relay::http {

namespace beast = boost::beast::http;

namespace {

bool is_listed(std::string_view origin, const http_config& options) {
  const auto listed = [&options](std::string_view name) {
    return std::ranges::find(options.cors_origins, name) != options.cors_origins.end();
  };
  return listed("*") || listed(origin);
}

}  // namespace

// A form or a fetch() of text needs no preflight, so any page that somebody on this machine or this network opens could
// publish. Browsers say where such a request comes from, and their pages cannot change what they say.
std::optional<problem> check_origin(const request& asked, const http_config& options) {
  const auto origin = asked.header("Origin");
  const auto changes = asked.method() == beast::verb::post || asked.method() == beast::verb::delete_;
  if (!changes || origin.empty() || is_listed(origin, options)) return std::nullopt;
  // A proxy may have put another name into Host; this header it passes on.
  if (asked.header("Sec-Fetch-Site") == "same-origin") return std::nullopt;
  const auto host = asked.header("Host");
  if (!host.empty() && (origin == "http://" + std::string(host) || origin == "https://" + std::string(host)))
    return std::nullopt;
  return problem(errc::foreign_origin, "Origin");
}

void allow_origin(beast::response_header<>& head, const request& asked, const http_config& options) {
  if (options.cors_origins.empty()) return;
  if (head.find(beast::field::vary) == head.end()) head.set(beast::field::vary, "Origin");
  const std::string origin(asked.header("Origin"));
  if (origin.empty()) return;
  if (!is_listed(origin, options)) return;
  head.set(beast::field::access_control_allow_origin, is_listed("*", options) ? "*" : origin);
  head.set(beast::field::access_control_expose_headers, "Location, Retry-After, X-Request-Id");
}

response options_response(std::string_view allow, const request& asked, const http_config& options) {
  response answer(beast::status::no_content, 11);
  answer.set(beast::field::allow, allow);
  allow_origin(answer, asked, options);
  if (answer.find(beast::field::access_control_allow_origin) != answer.end()) {
    answer.set(beast::field::access_control_allow_methods, allow);
    answer.set(
        beast::field::access_control_allow_headers,
        "Authorization, Cache-Control, Content-Type, Event-Type, Idempotency-Key, Last-Event-ID, ce-id, ce-source, "
        "ce-specversion, ce-subject, ce-time, ce-type, traceparent, tracestate, X-Request-Id");
    answer.set(beast::field::access_control_max_age, "7200");
  }
  return answer;
}

}  // namespace event_relay::http
