#include "event_relay/core/jitter.hpp"
#include "event_relay/http/accept.hpp"
#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/sse/frame.hpp"

namespace event_relay::http {
namespace {

namespace beast = boost::beast::http;

// In the wild: the standard's own spelling, the polyfill's default, and what people guessed.
constexpr std::string_view id_parameters[] = {"lastEventId", "lastEventID", "last_event_id", "Last-Event-ID"};

std::variant<sse::start_point, problem> read_start(const request& asked) {
  std::vector<std::string> queries;
  for (const auto name : id_parameters)
    for (auto& value : asked.parameter_values(name)) queries.push_back(std::move(value));
  auto start = sse::choose_start(asked.header_values("Last-Event-ID"), queries, asked.parameter_values("from"));
  if (start) return std::move(*start);
  const auto code = static_cast<errc>(start.error().value());
  return problem(code, code == errc::bad_parameter ? "from" : "Last-Event-ID");
}

std::variant<gap_policy, problem> read_gap_policy(const request& asked, gap_policy otherwise) {
  const auto values = asked.parameter_values("on_gap");
  if (values.empty()) return otherwise;
  if (values.back() == "earliest") return gap_policy::earliest;
  if (values.back() == "live") return gap_policy::live;
  if (values.back() == "fail") return gap_policy::fail;
  return problem(errc::bad_parameter, "on_gap");
}

std::variant<std::shared_ptr<const filter>, problem> read_filter(const exchange& exchange) {
  auto types = exchange.asked.parameter_list("type");
  for (const auto& type : types)
    if (!check_event_type(type)) return problem(errc::bad_parameter, "type");
  auto wanted = exchange.uses.relay.make_filter(exchange.asked.parameter_list("topic"), std::move(types));
  if (wanted) return std::move(*wanted);
  if (wanted.error() == errc::unknown_topic) return problem(errc::bad_parameter, "topic");
  return problem(static_cast<errc>(wanted.error().value()));
}

/// Everything that can be wrong with the request is found before the stream begins: afterwards there is no status.
std::variant<stream_request, problem> read_stream_request(const exchange& exchange) {
  const auto& asked = exchange.asked;
  if (!accepts(asked.header("Accept"), "text", "event-stream")) return problem(errc::not_acceptable, "Accept");
  stream_request wanted;
  auto start = read_start(asked);
  if (auto* wrong = std::get_if<problem>(&start)) return std::move(*wrong);
  wanted.start = std::move(std::get<sse::start_point>(start));
  const auto policy = read_gap_policy(asked, exchange.uses.configuration.stream.on_gap);
  if (const auto* wrong = std::get_if<problem>(&policy)) return *wrong;
  wanted.on_gap = std::get<gap_policy>(policy);
  auto filtered = read_filter(exchange);
  if (auto* wrong = std::get_if<problem>(&filtered)) return std::move(*wrong);
  wanted.wanted = std::move(std::get<std::shared_ptr<const filter>>(filtered));
  wanted.framing = asked.is_http_1_0() ? sse::body_framing::close_delimited : sse::body_framing::chunked;
  return wanted;
}

response stream_head(sse::body_framing framing) {
  response head(beast::status::ok, framing == sse::body_framing::chunked ? 11 : 10);
  head.set(beast::field::content_type, "text/event-stream; charset=utf-8");
  // no-transform keeps compressing proxies from collecting events; nginx and its kin stop buffering by the second.
  head.set(beast::field::cache_control, "no-cache, no-store, no-transform");
  head.set("X-Accel-Buffering", "no");
  head.set(beast::field::vary, "Accept, Origin");
  head.set("X-Content-Type-Options", "nosniff");
  return head;
}

}  // namespace

awaitable<answer> stream_events(exchange& exchange) {
  auto read = read_stream_request(exchange);
  if (const auto* wrong = std::get_if<problem>(&read)) co_return *wrong;
  auto& wanted = std::get<stream_request>(read);
  auto head = stream_head(wanted.framing);
  if (wanted.framing == sse::body_framing::chunked) head.set(beast::field::transfer_encoding, "chunked");
  if (exchange.asked.method() == beast::verb::head) co_return head;
  if (wanted.on_gap == gap_policy::fail) {
    auto ask = [&relay = exchange.uses.relay, start = wanted.start](completion<bool> done) {
      relay.check_start(start, std::move(done));
    };
    const auto good = co_await await_answer<bool>(exchange.runs_on, std::move(ask));
    if (!good) co_return problem(static_cast<errc>(good.error().value()), "Last-Event-ID");
  }
  auto permit = exchange.uses.relay.admit(exchange.client.address().to_string());
  if (!permit) co_return problem(static_cast<errc>(permit.error().value()));
  wanted.permit = std::move(*permit);
  if (wanted.framing == sse::body_framing::close_delimited) head.set(beast::field::connection, "close");
  // At once, before any database work: onopen needs the head, and proxies hold it back until the first body byte.
  wanted.unsent = sse::framed(wanted.framing, sse::preamble(jittered(exchange.uses.configuration.stream.retry)));
  co_return takeover{std::move(wanted), std::move(head)};
}

}  // namespace event_relay::http
