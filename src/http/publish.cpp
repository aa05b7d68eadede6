#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/http/media_type.hpp"

#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include <charconv>

namespace event_relay::http {
namespace {

using boost::beast::http::status;

/// The event that the request describes, but for the topic.
std::variant<new_event, problem> read_event(exchange& exchange) {
  const auto& asked = exchange.asked;
  new_event event;
  const auto types = asked.parameter_values("type");
  event.type = types.empty() ? std::string(asked.header("Event-Type")) : types.back();
  event.idempotency_key = asked.header("Idempotency-Key");
  event.data = std::move(exchange.body);

  if (!types.empty() || asked.has_header("Event-Type"))
    if (const auto good = check_event_type(event.type); !good)
      return problem(static_cast<errc>(good.error().value()), types.empty() ? "Event-Type" : "type", max_type_bytes);
  if (asked.has_header("Idempotency-Key"))
    if (const auto good = check_idempotency_key(event.idempotency_key); !good)
      return problem(errc::bad_idempotency_key, "Idempotency-Key", max_idempotency_key_bytes);
  const bool declared_json = data_kind_of(asked.header("Content-Type")) == data_kind::json;
  if (const auto good = declared_json ? check_json(event.data) : check_text(event.data); !good)
    return problem(static_cast<errc>(good.error().value()), "body");
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

}  // namespace

std::optional<problem> check_publish(const exchange& exchange) {
  if (data_kind_of(exchange.asked.header("Content-Type")) == data_kind::unsupported)
    return problem(errc::unsupported_media_type, "Content-Type");
  const auto most = exchange.uses.configuration.publish.max_event_bytes;
  const auto declared = exchange.asked.header("Content-Length");
  std::uint64_t length = 0;
  std::from_chars(declared.data(), declared.data() + declared.size(), length);
  if (length > most) return problem(errc::data_too_large, "body", most);
  return std::nullopt;
}

awaitable<answer> publish(exchange& exchange) {
  const auto& name = exchange.asked.path().front();
  auto read = read_event(exchange);
  if (const auto* wrong = std::get_if<problem>(&read)) co_return *wrong;
  auto& event = std::get<new_event>(read);
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
