#pragma once

#include "app/metric_families.hpp"
#include "event_relay/core/timestamp.hpp"

namespace event_relay {

/// What the kernel says of this process, under the names that all of Prometheus' client libraries use.
void add_process_metrics(metric_families& families, timestamp started_at);

}  // namespace event_relay
