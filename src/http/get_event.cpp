#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::http {
namespace {

using boost::beast::http::status;

struct event_reference {
  std::optional<epoch_t> epoch;
  position_t position = 0;
};

result<event_reference> read_reference(std::string_view text) {
  if (const auto position = parse_position(text)) return event_reference{std::nullopt, *position};
  const auto id = parse_event_id(text);
  if (!id) return id.error();
  return event_reference{id->epoch, id->position};
}

/// JSON data goes in as the publisher sent it, byte for byte: parsing and writing it again would change numbers and
/// lose duplicate keys.
std::string event_body(const stored_event& event, const std::string& topic) {
  const auto replace = nlohmann::json::error_handler_t::replace;
  nlohmann::ordered_json body{{"id", to_string(event.id)}, {"position", event.id.position}, {"topic", topic}};
  body["type"] = event.type.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(event.type);
  body["time"] = format_timestamp(event.stored_at);
  const bool as_json = is_json(event.data);
  if (!as_json) body["text"] = event.data;
  auto text = body.dump(-1, ' ', false, replace);
  if (as_json) text.replace(text.size() - 1, 1, ",\"data\":" + event.data + '}');
  return text;
}

}  // namespace

awaitable<answer> get_event(exchange& exchange) {
  const auto reference = read_reference(exchange.asked.path()[1]);
  if (!reference) co_return problem(errc::bad_event_id, "id");
  auto ask = [&relay = exchange.uses.relay, wanted = *reference](completion<stored_event> done) {
    relay.find(wanted.epoch, wanted.position, std::move(done));
  };
  const auto event = co_await await_answer<stored_event>(exchange.runs_on, std::move(ask));
  if (!event) co_return problem(static_cast<errc>(event.error().value()), "id");
  co_return json_response(status::ok, event_body(*event, exchange.uses.relay.topic_name(event->topic)));
}

}  // namespace event_relay::http
