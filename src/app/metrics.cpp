#include "event_relay/app/metrics.hpp"

#include "event_relay/sse/reset_event.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <string_view>
#include <vector>

namespace event_relay {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily family(std::string_view name, std::string_view help, MetricType type) {
  return {"event_relay_" + std::string(name), std::string(help), type, {}};
}

void add_value(MetricFamily& family, double value, std::string_view reason = {}) {
  ClientMetric metric;
  if (!reason.empty()) metric.label.push_back({"reason", std::string(reason)});
  (family.type == MetricType::Gauge ? metric.gauge.value : metric.counter.value) = value;
  family.metric.push_back(std::move(metric));
}

/// One family with a metric for each reason.
template <class Array, class NameOf>
MetricFamily by_reason(std::string_view name, std::string_view help, const Array& values, NameOf name_of,
                       std::size_t first = 0) {
  auto counted = family(name, help, MetricType::Counter);
  for (std::size_t i = first; i < values.size(); ++i) add_value(counted, static_cast<double>(values[i]), name_of(i));
  return counted;
}

}  // namespace

std::string render_metrics(const counters& counted) {
  std::vector<MetricFamily> families;
  const auto single = [&families](std::string_view name, std::string_view help, MetricType type, const auto& value) {
    add_value(families.emplace_back(family(name, help, type)), static_cast<double>(value));
  };
  constexpr auto counter = MetricType::Counter;
  constexpr auto gauge = MetricType::Gauge;
  single("connections_open", "HTTP connections that are not streams", gauge, counted.connections_open);
  single("connections_opened_total", "HTTP connections accepted", counter, counted.connections_opened);
  single("streams_open", "Event streams being served", gauge, counted.streams_open);
  single("streams_opened_total", "Event streams begun", counter, counted.streams_opened);
  single("events_published_total", "Events stored by this relay", counter, counted.events_published);
  single("events_duplicate_total", "Publishes answered from an earlier one with the same idempotency key", counter,
         counted.events_duplicate);
  single("commits_total", "Batches committed to the journal", counter, counted.commits);
  single("outbox_stored_total", "Events moved from the outbox into the journal by this relay", counter,
         counted.outbox_stored);
  single("outbox_known_total", "Events of the outbox that were in the journal already, by their key", counter,
         counted.outbox_known);
  single("outbox_waiting", "Events in the outbox, counted up to 100000", gauge, counted.outbox_waiting);
  single("outbox_lag_seconds", "Age of the oldest event in the outbox", gauge,
         static_cast<double>(counted.outbox_lag_ms) / 1'000);
  single("partitions_dropped_total", "Pieces of the journal that retention removed", counter,
         counted.partitions_dropped);
  single("oldest_position", "Position of the oldest event in the journal", gauge, counted.oldest_position);
  single("events_tailed_total", "Events appended to the log tail, from any relay", counter, counted.events_tailed);
  single("stream_writes_total", "System calls that wrote to streams", counter, counted.write_calls);
  single("stream_bytes_total", "Bytes written to streams", counter, counted.bytes_written);
  single("heartbeats_total", "Heartbeats sent", counter, counted.heartbeats);
  single("replay_pages_total", "Replay pages read from the journal", counter, counted.replay_pages);
  single("replay_standby_pages_total", "Those of them that were read from the standby", counter,
         counted.replay_standby_pages);
  single("replay_page_hits_total", "Replay pages served from a reader's memory", counter, counted.replay_page_hits);
  single("replay_bytes_held", "Memory held by replay pages", gauge, counted.replay_bytes_held);
  single("publishes_waiting", "Events accepted and not yet committed", gauge, counted.publishes_waiting);
  single("publish_bytes_waiting", "The same in bytes of data", gauge, counted.publish_bytes_waiting);
  single("journal_connects_total", "Connections made to the journal", counter, counted.journal_connects);
  single("journal_losses_total", "Connections to the journal that broke", counter, counted.journal_losses);
  families.push_back(by_reason("requests_refused_total", "Requests refused, by reason", counted.refused,
                               [](std::size_t i) { return name_of(static_cast<errc>(i)); }, 1));
  families.push_back(by_reason("dead_letters_total", "Events of the outbox that no relay could take, by reason",
                               counted.dead_letters,
                               [](std::size_t i) { return name_of(static_cast<dead_letter_reason>(i)); }));
  families.push_back(by_reason("streams_closed_total", "Streams ended, by reason", counted.streams_closed,
                               [](std::size_t i) { return name_of(static_cast<close_reason>(i)); }));
  families.push_back(by_reason("stream_resets_total", "Gaps told to clients, by reason", counted.resets,
                               [](std::size_t i) { return sse::to_string(static_cast<sse::gap_reason>(i)); }));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace event_relay
