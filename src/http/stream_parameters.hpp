#pragma once

#include "event_relay/http/endpoint.hpp"
#include "event_relay/relay/bounded_start.hpp"

#include <optional>
#include <variant>

namespace event_relay::http {

/// A GET /events that was found good.
struct wanted_stream {
  stream_request stream;
  std::optional<bounded_start> to_settle;  ///< what only the journal can tell about where to start
};

/// Everything that can be wrong with the request is found before the stream begins: afterwards there is no status.
std::variant<wanted_stream, problem> read_stream_parameters(const exchange& exchange);

}  // namespace event_relay::http
