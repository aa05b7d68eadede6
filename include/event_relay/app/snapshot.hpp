#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/counters.hpp"
#include "event_relay/core/timestamp.hpp"
#include "event_relay/relay/relay_report.hpp"

namespace event_relay {

/// Everything that is known of the process at one moment, for whoever shows it. Outlived by what it refers to.
struct snapshot {
  const config& configuration;
  const counters& counted;
  relay_report relay;
  timestamp started_at;
};

}  // namespace event_relay
