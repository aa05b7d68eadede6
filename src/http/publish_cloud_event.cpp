#include "event_relay/core/cloud_event.hpp"
#include "event_relay/core/json_text.hpp"
#include "http/publishing.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace event_relay::http {
namespace {

constexpr std::string_view prefix = "ce-";

/// CloudEvents' attributes among the headers: what they are called without the prefix, and what they say.
std::vector<std::pair<std::string, std::string>> attribute_headers(const request& asked) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (auto [name, value] : asked.headers_that_begin(prefix)) {
    name.erase(0, prefix.size());
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    attributes.emplace_back(std::move(name), std::move(value));
  }
  return attributes;
}

std::variant<new_event, problem> checked(event_relay::read_cloud_event read, std::string_view attribute_prefix,
                                         std::size_t max_event_bytes, const std::optional<trace_context>& trace) {
  if (const auto* wrong = std::get_if<cloud_event_error>(&read)) {
    const bool is_attribute = wrong->attribute != "body";
    return problem(wrong->reason, is_attribute ? std::string(attribute_prefix) + wrong->attribute : "body");
  }
  auto& event = std::get<new_event>(read);
  if (event.data.size() > max_event_bytes) return problem(errc::data_too_large, "data", max_event_bytes);
  if (trace) event.attributes = with_trace(std::move(event.attributes), *trace);
  return std::move(event);
}

problem at_index(problem wrong, std::size_t index) {
  wrong.index = index;
  return wrong;
}

}  // namespace

bool is_binary_cloud_event(const request& asked) { return asked.has_header("ce-specversion") || asked.has_header("ce-id"); }

std::variant<new_event, problem> read_cloud_event(exchange& exchange, data_kind kind) {
  const auto limit = exchange.uses.configuration.publish.max_event_bytes;
  const auto trace = trace_of(exchange.asked);
  if (kind == data_kind::cloud_event) return checked(read_structured_cloud_event(exchange.body), "", limit, trace);
  return checked(read_binary_cloud_event(attribute_headers(exchange.asked), exchange.asked.header("Content-Type"),
                                         std::move(exchange.body)),
                 prefix, limit, trace);
}

std::variant<event_batch, problem> read_cloud_event_batch(const exchange& exchange) {
  const auto& limits = exchange.uses.configuration.publish;
  if (const auto good = check_json(exchange.body); !good)
    return problem(static_cast<errc>(good.error().value()), "body");
  const auto elements = json_elements(exchange.body);
  if (!elements) return problem(errc::bad_cloud_event, "body");
  if (elements->empty()) return problem(errc::no_events, "body");
  if (elements->size() > limits.max_request_events)
    return problem(errc::too_many_events, "body", limits.max_request_events);
  event_batch batch{{}, known_keys::never_reused};
  const auto trace = trace_of(exchange.asked);
  std::set<std::string> keys;
  for (std::size_t index = 0; index < elements->size(); ++index) {
    auto read = checked(read_structured_cloud_event((*elements)[index]), "", limits.max_event_bytes, trace);
    if (const auto* wrong = std::get_if<problem>(&read)) return at_index(*wrong, index);
    auto& event = std::get<new_event>(read);
    if (!keys.insert(event.idempotency_key).second) return at_index(problem(errc::idempotency_key_reused, "id"), index);
    batch.events.push_back(std::move(event));
  }
  return batch;
}

}  // namespace event_relay::http
