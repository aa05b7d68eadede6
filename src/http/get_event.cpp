#include "event_relay/core/event_document.hpp"
#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"

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

}  // namespace

awaitable<answer> get_event(exchange& exchange) {
  const auto reference = read_reference(exchange.asked.path()[1]);
  if (!reference) co_return problem(errc::bad_event_id, "id");
  auto ask = [&relay = exchange.uses.relay, wanted = *reference](completion<stored_event> done) {
    relay.find(wanted.epoch, wanted.position, std::move(done));
  };
  const auto event = co_await await_answer<stored_event>(exchange.runs_on, std::move(ask));
  if (!event) co_return problem(static_cast<errc>(event.error().value()), "id");
  const auto id = to_string(event->id);
  const auto topic = exchange.uses.relay.topic_name(event->topic);
  co_return json_response(
      status::ok, event_document({id, topic, event->type, event->data, event->stored_at, event->attributes}));
}

}  // namespace event_relay::http
