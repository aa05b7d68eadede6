#include "event_relay/http/cors.hpp"

#include <algorithm>

namespace event_relay::http {

namespace beast = boost::beast::http;

void allow_origin(beast::response_header<>& head, const request& asked, const http_config& options) {
  if (options.cors_origins.empty()) return;
  if (head.find(beast::field::vary) == head.end()) head.set(beast::field::vary, "Origin");
  const std::string origin(asked.header("Origin"));
  if (origin.empty()) return;
  const auto listed = [&options](std::string_view name) {
    return std::ranges::find(options.cors_origins, name) != options.cors_origins.end();
  };
  if (!listed("*") && !listed(origin)) return;
  head.set(beast::field::access_control_allow_origin, listed("*") ? "*" : origin);
  head.set(beast::field::access_control_expose_headers, "Location, Retry-After");
}

response options_response(std::string_view allow, const request& asked, const http_config& options) {
  response answer(beast::status::no_content, 11);
  answer.set(beast::field::allow, allow);
  allow_origin(answer, asked, options);
  if (answer.find(beast::field::access_control_allow_origin) != answer.end()) {
    answer.set(beast::field::access_control_allow_methods, allow);
    answer.set(beast::field::access_control_allow_headers,
               "Authorization, Cache-Control, Content-Type, Event-Type, Idempotency-Key, Last-Event-ID");
    answer.set(beast::field::access_control_max_age, "7200");
  }
  return answer;
}

}  // namespace event_relay::http
