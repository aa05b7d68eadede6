#include "event_relay/http/endpoint.hpp"

namespace event_relay::http {

using boost::beast::http::status;

/// The process lives. Says nothing of the database: a restart of the relay would not bring it back.
awaitable<answer> report_health(exchange&) { co_return json_response(status::ok, R"({"status":"ok"})"); }

awaitable<answer> report_readiness(exchange& exchange) {
  if (exchange.uses.relay.ready()) co_return json_response(status::ok, R"({"status":"ready"})");
  auto answer = json_response(status::service_unavailable, R"({"status":"not ready"})");
  answer.set(boost::beast::http::field::retry_after, "1");
  co_return answer;
}

awaitable<answer> report_metrics(exchange& exchange) {
  response answer(status::ok, 11);
  answer.set(boost::beast::http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
  answer.body() = exchange.uses.render_metrics();
  co_return answer;
}

awaitable<answer> report_status(exchange& exchange) {
  auto answer = json_response(status::ok, exchange.uses.render_status());
  answer.set(boost::beast::http::field::cache_control, "no-store");
  co_return answer;
}

}  // namespace event_relay::http
