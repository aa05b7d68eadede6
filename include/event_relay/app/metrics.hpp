#pragma once

#include "event_relay/core/counters.hpp"

#include <string>

namespace event_relay {

/// The counters in Prometheus' text format, version 0.0.4.
std::string render_metrics(const counters& counted);

}  // namespace event_relay
