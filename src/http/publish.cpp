#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/http/media_type.hpp"
#include "http/publishing.hpp"

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <charconv>

namespace event_relay::http {
namespace {

using boost::beast::http::status;

bool is_batch(data_kind kind) { return kind == data_kind::lines_of_json || kind == data_kind::cloud_event_batch; }

data_kind kind_of(const exchange& exchange) { return data_kind_of(exchange.asked.header("Content-Type")); }

/// What the header says of the event, or of each event of a batch; but for the topic.
std::variant<new_event, problem> read_plain_header(const request& asked) {
  new_event event;
  const auto types = asked.parameter_values("type");
  event.type = types.empty() ? std::string(asked.header("Event-Type")) : types.back();
  event.idempotency_key = asked.header("Idempotency-Key");

  if (!types.empty() || asked.has_header("Event-Type"))
    if (const auto good = check_event_type(event.type); !good)
      return problem(static_cast<errc>(good.error().value()), types.empty() ? "Event-Type" : "type", max_type_bytes);
  if (asked.has_header("Idempotency-Key"))
    if (const auto good = check_idempotency_key(event.idempotency_key); !good)
      return problem(errc::bad_idempotency_key, "Idempotency-Key", max_idempotency_key_bytes);
  if (const auto trace = trace_of(asked)) event.attributes = with_trace({}, *trace);
  return event;
}

/// Written out, because building the object to dump it took a fifth of the processor time of a publish. Only the type
/// can need escapes.
std::string receipt_body(const publish_receipt& receipt, const std::string& topic, const std::string& type) {
  std::string body = R"({"id":")" + to_string(receipt.id) + R"(","position":)" + std::to_string(receipt.id.position);
  body.append(R"(,"topic":")").append(topic).append(R"(","type":)");
  body.append(type.empty() ? "null" : nlohmann::json(type).dump());
  return body.append(receipt.duplicate ? R"(,"duplicate":true})" : R"(,"duplicate":false})");
}

/// But for topic and data.
std::variant<new_event, problem> read_event(exchange& exchange, data_kind kind) {
  const bool without_data = exchange.body.empty() && is_binary_cloud_event(exchange.asked);  // it need not have any
  if (!without_data && (kind == data_kind::json || kind == data_kind::text))
    if (const auto good = kind == data_kind::json ? check_json(exchange.body) : check_text(exchange.body); !good)
      return problem(static_cast<errc>(good.error().value()), "body");
  if (kind == data_kind::cloud_event || is_binary_cloud_event(exchange.asked)) return read_cloud_event(exchange, kind);
  auto read = read_plain_header(exchange.asked);
  if (auto* event = std::get_if<new_event>(&read)) event->data = std::move(exchange.body);
  return read;
}

}  // namespace

std::optional<trace_context> trace_of(const request& asked) {
  if (!asked.has_header("traceparent")) return std::nullopt;
  return read_trace_context(asked.header_values("traceparent"), asked.header_values("tracestate"));
}

std::optional<problem> check_publish(const exchange& exchange) {
  const auto kind = kind_of(exchange);
  // Lines are an event each, which would be stored without the attributes that the headers have.
  const bool is_contradiction = kind == data_kind::lines_of_json && is_binary_cloud_event(exchange.asked);
  if (kind == data_kind::unsupported || is_contradiction)
    return problem(errc::unsupported_media_type, "Content-Type");
  const auto too_large = published_too_much(exchange);
  const auto declared = exchange.asked.header("Content-Length");
  std::uint64_t length = 0;
  std::from_chars(declared.data(), declared.data() + declared.size(), length);
  if (length > *too_large.limit) return too_large;
  return std::nullopt;
}

problem published_too_much(const exchange& exchange) {
  const auto& limits = exchange.uses.configuration.publish;
  const auto kind = kind_of(exchange);
  return is_batch(kind) ? problem(errc::batch_too_large, "body", limits.max_request_bytes)
                        : problem(errc::data_too_large, "body", limits.max_event_bytes);
}

awaitable<answer> publish(exchange& exchange) {
  const auto kind = kind_of(exchange);
  if (is_batch(kind)) {
    auto batch = kind == data_kind::lines_of_json ? read_lines(exchange, read_plain_header(exchange.asked))
                                                  : read_cloud_event_batch(exchange);
    if (const auto* wrong = std::get_if<problem>(&batch)) co_return *wrong;
    co_return co_await publish_batch(exchange, std::move(std::get<event_batch>(batch)));
  }
  auto read = read_event(exchange, kind);
  if (const auto* wrong = std::get_if<problem>(&read)) co_return *wrong;
  auto& event = std::get<new_event>(read);
  const auto& name = exchange.asked.path().front();
  const auto topic = exchange.uses.relay.publishable_topic(name);
  if (!topic) co_return problem(static_cast<errc>(topic.error().value()));
  event.topic = *topic;
  const auto type = event.type;
  // What one round of the I/O loop has read is published together at its end: a writer woken by the first event would
  // otherwise commit that one alone, and the others a commit later.
  co_await asio::post(exchange.runs_on, use_awaitable);
  auto ask = [&relay = exchange.uses.relay, &event](completion<publish_receipt> done) {
    relay.publish(std::move(event), std::move(done));
  };
  const auto receipt = co_await await_answer<publish_receipt>(exchange.runs_on, std::move(ask));
  if (!receipt) co_return problem(static_cast<errc>(receipt.error().value()));
  auto created = json_response(receipt->duplicate ? status::ok : status::created, receipt_body(*receipt, name, type));
  created.set(boost::beast::http::field::location, "/events/" + to_string(receipt->id));
  co_return created;
}

}  // namespace event_relay::http
