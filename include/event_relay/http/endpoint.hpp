#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/counters.hpp"
#include "event_relay/http/access.hpp"
#include "event_relay/http/asio_types.hpp"
#include "event_relay/http/problem.hpp"
#include "event_relay/http/request.hpp"
#include "event_relay/relay/relay_door.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace event_relay::http {

/// What endpoints work with. Outlives every session.
struct services {
  const config& configuration;
  relay_door& relay;
  counters& counted;
  std::function<std::string()> render_metrics;
  std::function<std::string()> render_status;
};

/// One request with what belongs to it.
struct exchange {
  const request& asked;
  const services& uses;
  tcp::endpoint client;
  executor runs_on;   ///< the session's: completions come back to it
  std::string body;   ///< empty until check() has passed
};

/// The session gives its socket away; the request lacks that, and the head in front of its first bytes.
struct takeover {
  stream_request request;
  response head;
};

/// A refusal is turned into a response, and counted, in one place: the session.
using answer = std::variant<response, problem, takeover>;

/// What is served at a path: one row of the table in router.cpp.
struct endpoint {
  std::string_view path;   ///< as openapi.json has it: a segment in braces is any one
  std::string_view allow;  ///< methods, as the Allow header has them; HEAD and OPTIONS are answered for all alike
  access_scope needs = access_scope::none;
  bool takes_body = false;  ///< POST; otherwise GET
  bool deletes = false;     ///< DELETE as well
  /// Refuses by the header alone, so that a client that sends Expect: 100-continue keeps its body to itself.
  std::optional<problem> (*check)(const exchange&) = nullptr;
  /// What a larger body is refused with; its limit says how large one may be.
  problem (*too_large)(const exchange&) = nullptr;
  awaitable<answer> (*handle)(exchange&) = nullptr;
};

/// All rows: what this relay serves, where.
std::span<const endpoint> endpoints() noexcept;

/// The row for this path, or why there is none.
std::variant<const endpoint*, problem> route(std::span<const std::string> path, const config& configuration);

std::optional<problem> check_publish(const exchange& exchange);
problem published_too_much(const exchange& exchange);
awaitable<answer> publish(exchange& exchange);
awaitable<answer> stream_events(exchange& exchange);
awaitable<answer> get_event(exchange& exchange);
awaitable<answer> list_consumers(exchange& exchange);
awaitable<answer> show_or_remove_consumer(exchange& exchange);
std::optional<problem> check_consumer_command(const exchange& exchange);
problem said_too_much(const exchange& exchange);
awaitable<answer> acknowledge(exchange& exchange);
awaitable<answer> reset_consumer(exchange& exchange);
awaitable<answer> report_health(exchange& exchange);
awaitable<answer> report_readiness(exchange& exchange);
awaitable<answer> report_metrics(exchange& exchange);
awaitable<answer> report_status(exchange& exchange);
awaitable<answer> describe_interface(exchange& exchange);
awaitable<answer> show_console(exchange& exchange);

/// A JSON answer.
response json_response(boost::beast::http::status status, std::string body);

}  // namespace event_relay::http
