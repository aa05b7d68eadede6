#include "event_relay/core/jitter.hpp"
#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/sse/frame.hpp"
#include "http/stream_parameters.hpp"

namespace event_relay::http {
namespace {

namespace beast = boost::beast::http;

std::string_view content_type_of(envelope as) {
  switch (as) {
    case envelope::event_stream: return "text/event-stream; charset=utf-8";
    case envelope::lines: return "application/x-ndjson";
    case envelope::page: return "application/json";
    case envelope::feed: return "application/cloudevents-batch+json";
  }
  return {};
}

response stream_head(const stream_request& stream) {
  const bool chunked = stream.framing == sse::body_framing::chunked;
  response head(beast::status::ok, chunked ? 11 : 10);
  head.set(beast::field::content_type, content_type_of(stream.form.as));
  // no-transform keeps compressing proxies from collecting events; nginx and its kin stop buffering by the second.
  head.set(beast::field::cache_control, "no-cache, no-store, no-transform");
  head.set("X-Accel-Buffering", "no");
  head.set(beast::field::vary, "Accept, Origin");
  head.set("X-Content-Type-Options", "nosniff");
  if (chunked) head.set(beast::field::transfer_encoding, "chunked");
  return head;
}

/// An EventSource that gets this does not come back (HTML 9.2.3).
response nothing_left() {
  response answer(beast::status::no_content, 11);
  answer.set(beast::field::vary, "Accept, Origin");
  return answer;
}

/// Where a stream would begin: a consumer that is known goes on behind what it has acknowledged.
awaitable<result<sse::start_point>> place_of(exchange& exchange, const stream_request& stream) {
  if (stream.consumer.empty()) co_return stream.start;
  auto ask = [&relay = exchange.uses.relay, &name = stream.consumer](completion<std::vector<consumer_status>> done) {
    relay.manage({consumer_command::action::list, name, {}, std::move(done)});
  };
  const auto known = co_await await_answer<std::vector<consumer_status>>(exchange.runs_on, std::move(ask));
  if (!known && known.error() == errc::unknown_consumer) co_return stream.start;
  if (!known) co_return known.error();
  const auto& id = known->front().consumer.cursor;
  co_return sse::start_after{id.epoch, id.position, to_string(id)};
}

/// True: the client has had everything it asked for.
awaitable<std::variant<bool, problem>> look_up_start(exchange& exchange, wanted_stream& wanted) {
  auto& stream = wanted.stream;
  if (wanted.to_settle) {
    auto ask = [&relay = exchange.uses.relay, &wanted](completion<settled_start> done) {
      relay.settle(std::move(*wanted.to_settle), std::move(done));
    };
    auto settled = co_await await_answer<settled_start>(exchange.runs_on, std::move(ask));
    if (!settled) co_return problem(static_cast<errc>(settled.error().value()));
    if (settled->is_over) co_return true;
    stream.start = std::move(settled->start);
    stream.form.limit = settled->limit;
  }
  if (stream.on_gap == gap_policy::fail) {
    const auto start = co_await place_of(exchange, stream);
    if (!start) co_return problem(static_cast<errc>(start.error().value()));
    auto ask = [&relay = exchange.uses.relay, &start](completion<bool> done) {
      relay.check_start(*start, std::move(done));
    };
    const auto good = co_await await_answer<bool>(exchange.runs_on, std::move(ask));
    if (!good) co_return problem(static_cast<errc>(good.error().value()), "Last-Event-ID");
  }
  co_return false;
}

}  // namespace

awaitable<answer> stream_events(exchange& exchange) {
  auto read = read_stream_parameters(exchange);
  if (const auto* wrong = std::get_if<problem>(&read)) co_return *wrong;
  auto& wanted = std::get<wanted_stream>(read);
  auto& stream = wanted.stream;
  auto head = stream_head(stream);
  if (exchange.asked.method() == beast::verb::head) co_return head;
  // First, so that who looks for starts in the whole journal does so within the limits of its streams.
  auto permit = exchange.uses.relay.admit(exchange.client.address().to_string());
  if (!permit) co_return problem(static_cast<errc>(permit.error().value()));
  const auto looked = co_await look_up_start(exchange, wanted);
  if (const auto* wrong = std::get_if<problem>(&looked)) co_return *wrong;
  if (std::get<bool>(looked)) co_return nothing_left();
  stream.permit = std::move(*permit);
  if (std::holds_alternative<sse::start_live>(stream.start)) stream.start = exchange.uses.relay.live_start();
  if (stream.framing == sse::body_framing::close_delimited || stream.form.ends_at_head())
    head.set(beast::field::connection, "close");
  // At once, before any database work: onopen needs the head, and proxies hold it back until the first body byte.
  if (stream.form.as == envelope::event_stream)
    stream.unsent = sse::framed(stream.framing, sse::preamble(jittered(exchange.uses.configuration.stream.retry)));
  co_return takeover{std::move(stream), std::move(head)};
}

}  // namespace event_relay::http
