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

/// Made from the key that all have, so that the same batch can be repeated safely. Only the last one's does not tell
/// how many they are: a batch of another size finds that one known and the others not, and is refused.
void give_own_keys(std::vector<new_event>& events) {
  const auto of_all = "/" + std::to_string(events.size());
  for (std::size_t number = 1; number < events.size(); ++number)
    events[number - 1].idempotency_key += "#" + std::to_string(number) + of_all;
  events.back().idempotency_key += "#last";
}

/// The ids of all: events whose keys are their own may have been stored at any time.
nlohmann::ordered_json ids_of(const batch_receipt& receipt) {
  auto ids = nlohmann::ordered_json::array();
  for (const auto& id : receipt.ids) ids.push_back(to_string(id));
  return {{"ids", std::move(ids)}, {"duplicates", receipt.duplicates}};
}

std::string receipt_body(const batch_receipt& receipt, std::size_t count, const std::string& topic) {
  auto body = receipt.ids.empty() ? nlohmann::ordered_json{{"first", to_string(receipt.first)},
                                                           {"last", to_string(receipt.last)}}
                                  : ids_of(receipt);
  body["count"] = count;
  body["topic"] = topic;
  body["duplicate"] = receipt.duplicate;
  return body.dump();
}

}  // namespace

std::variant<event_batch, problem> read_lines(const exchange& exchange, std::variant<new_event, problem> common) {
  if (const auto* wrong = std::get_if<problem>(&common)) return *wrong;
  const auto& limits = exchange.uses.configuration.publish;
  std::string_view body = exchange.body;
  event_batch batch;
  for (std::size_t line = 1; !body.empty(); ++line) {
    const auto data = take_line(body);
    if (data.empty()) continue;
    if (batch.events.size() == limits.max_request_events)
      return at_line(problem(errc::too_many_events, "body", limits.max_request_events), line);
    if (data.size() > limits.max_event_bytes)
      return at_line(problem(errc::data_too_large, "body", limits.max_event_bytes), line);
    if (const auto good = check_json(data); !good)
      return at_line(problem(static_cast<errc>(good.error().value()), "body"), line);
    auto& event = batch.events.emplace_back(std::get<new_event>(common));
    event.data = data;
  }
  if (batch.events.empty()) return problem(errc::no_events, "body");
  if (batch.events.front().idempotency_key.empty())
    batch.how = known_keys::one_by_one;
  else
    give_own_keys(batch.events);
  return batch;
}

awaitable<answer> publish_batch(exchange& exchange, event_batch batch) {
  const auto& name = exchange.asked.path().front();
  const auto topic = exchange.uses.relay.publishable_topic(name);
  if (!topic) co_return problem(static_cast<errc>(topic.error().value()));
  for (auto& event : batch.events) event.topic = *topic;
  const auto count = batch.events.size();
  auto ask = [&relay = exchange.uses.relay, &batch](completion<batch_receipt> done) {
    relay.publish_batch(std::move(batch.events), batch.how, std::move(done));
  };
  const auto receipt = co_await await_answer<batch_receipt>(exchange.runs_on, std::move(ask));
  if (!receipt) co_return problem(static_cast<errc>(receipt.error().value()));
  auto created = json_response(receipt->duplicate ? status::ok : status::created, receipt_body(*receipt, count, name));
  created.set(boost::beast::http::field::location, "/events/" + to_string(receipt->first));
  co_return created;
}

}  // namespace event_relay::http
