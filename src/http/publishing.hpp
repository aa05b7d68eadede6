#pragma once

#include "event_relay/core/trace_context.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/http/media_type.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace event_relay::http {

/// What one request publishes, all of it in one commit or nothing. The topics are left to publish_batch().
struct event_batch {
  std::vector<new_event> events;
  known_keys how = known_keys::all_or_none;
};

/// Every line of the body an event, empty lines none. `common` is what they have in common, or what is wrong with it:
/// the type, and the idempotency key of the whole.
std::variant<event_batch, problem> read_lines(const exchange& exchange, std::variant<new_event, problem> common);

/// Every element of the body a CloudEvent (JSON batch format).
std::variant<event_batch, problem> read_cloud_event_batch(const exchange& exchange);

/// The trace that the request belongs to, by its headers; nothing: none, or none that is good.
std::optional<trace_context> trace_of(const request& asked);

/// Whether headers say that the body is the data of a CloudEvent (HTTP binding 3.1).
bool is_binary_cloud_event(const request& asked);

/// A CloudEvent in structured or binary mode.
std::variant<new_event, problem> read_cloud_event(exchange& exchange, data_kind kind);

awaitable<answer> publish_batch(exchange& exchange, event_batch batch);

}  // namespace event_relay::http
