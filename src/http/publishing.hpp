#pragma once

#include "event_relay/http/endpoint.hpp"

namespace event_relay::http {

/// Stores every line of the body as an event, all of them in one commit or none. `common` is what they have in common:
/// topic, type, and the idempotency key of the whole.
awaitable<answer> publish_batch(exchange& exchange, new_event common);

}  // namespace event_relay::http
