#pragma once

#include "event_relay/app/snapshot.hpp"

#include <string>

namespace event_relay {

/// What `GET /metrics` answers: everything in Prometheus' text format, version 0.0.4.
std::string render_metrics(const snapshot& now);

}  // namespace event_relay
