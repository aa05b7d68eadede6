#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"
#include "http/publishing.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace event_relay::http {
namespace {

using boost::beast::http::status;

problem at_line(problem wrong, std::size_t line) {
  wrong.line = line;
  return wrong;
}

/// The next line without its end, LF or CR LF; `rest` then begins after it.
std::string_view take_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Each line an event, all with the type and topic of the request; empty lines are none. Keys are made from the
/// request's: with it the same batch can be repeated safely.
std::variant<std::vector<new_event>, problem> read_lines(std::string_view body, const new_event& common,
                                                         const publish_config& limits) {
  std::vector<new_event> events;
  for (std::size_t line = 1; !body.empty(); ++line) {
    const auto data = take_line(body);
    if (data.empty()) continue;
    if (events.size() == limits.max_request_events)
      return at_line(problem(errc::too_many_events, "body", limits.max_request_events), line);
    if (data.size() > limits.max_event_bytes)
      return at_line(problem(errc::data_too_large, "body", limits.max_event_bytes), line);
    if (const auto good = check_json(data); !good)
      return at_line(problem(static_cast<errc>(good.error().value()), "body"), line);
    auto& event = events.emplace_back(common);
    event.data = data;
    if (!event.idempotency_key.empty()) event.idempotency_key += "#" + std::to_string(events.size());
  }
  if (events.empty()) return problem(errc::no_events, "body");
  return events;
}

std::string receipt_body(const batch_receipt& receipt, std::size_t count, const std::string& topic) {
  return nlohmann::ordered_json{{"first", to_string(receipt.first)},
                                {"last", to_string(receipt.last)},
                                {"count", count},
                                {"topic", topic},
                                {"duplicate", receipt.duplicate}}
      .dump();
}

}  // namespace

awaitable<answer> publish_batch(exchange& exchange, new_event common) {
  auto read = read_lines(exchange.body, common, exchange.uses.configuration.publish);
  if (const auto* wrong = std::get_if<problem>(&read)) co_return *wrong;
  auto& events = std::get<std::vector<new_event>>(read);
  const auto count = events.size();
  auto ask = [&relay = exchange.uses.relay, &events](completion<batch_receipt> done) {
    relay.publish_batch(std::move(events), std::move(done));
  };
  const auto receipt = co_await await_answer<batch_receipt>(exchange.runs_on, std::move(ask));
  if (!receipt) co_return problem(static_cast<errc>(receipt.error().value()));
  auto created = json_response(receipt->duplicate ? status::ok : status::created,
                               receipt_body(*receipt, count, exchange.asked.path().front()));
  created.set(boost::beast::http::field::location, "/events/" + to_string(receipt->first));
  co_return created;
}

}  // namespace event_relay::http
