#include "event_relay/app/metrics.hpp"

#include "app/metric_families.hpp"
#include "app/process_metrics.hpp"
#include "event_relay/app/version.hpp"
#include "event_relay/core/connection_string.hpp"
#include "event_relay/sse/reset_event.hpp"

#include <algorithm>
#include <chrono>

namespace event_relay {
namespace {

using type = metric_families::type;

constexpr double microseconds_in_a_second = 1'000'000;

/// One metric for each reason.
template <class Reason, class Array, class NameOf>
void by_reason(metric_families& families, std::string_view name, std::string_view help, const Array& values,
               NameOf name_of, std::size_t first = 0) {
  auto counted = families.by("reason", type::Counter, name, help);
  for (std::size_t i = first; i < values.size(); ++i)
    counted.add(name_of(static_cast<Reason>(i)), static_cast<double>(values[i]));
}

void add_connections(metric_families& families, const counters& counted, const config& limits) {
  families.gauge("event_relay_connections_open", "HTTP connections that are not streams", counted.connections_open);
  families.gauge("event_relay_connections_max", "Connections of every kind that may be open (http.max_connections)",
                 limits.http.max_connections);
  families.counter("event_relay_connections_opened_total", "HTTP connections accepted", counted.connections_opened);
  by_reason<errc>(
      families, "event_relay_requests_refused_total", "Requests refused, by reason", counted.refused,
      [](errc reason) { return name_of(reason); }, 1);
}

void add_publishing(metric_families& families, const counters& counted, const config& limits) {
  families.counter("event_relay_events_published_total", "Events stored by this relay", counted.events_published);
  families.counter("event_relay_events_duplicate_total",
                   "Publishes answered from an earlier one with the same idempotency key", counted.events_duplicate);
  families.counter("event_relay_commits_total", "Batches committed to the journal", counted.commits);
  families.gauge("event_relay_publishes_waiting", "Events accepted and not yet committed", counted.publishes_waiting);
  families.gauge("event_relay_publishes_waiting_max", "How many may wait (publish.max_waiting)",
                 limits.publish.max_waiting);
  families.gauge("event_relay_publish_bytes_waiting", "Data of the events that wait for their commit",
                 counted.publish_bytes_waiting);
  families.gauge("event_relay_publish_bytes_waiting_max", "How much may wait (publish.max_waiting_bytes)",
                 limits.publish.max_waiting_bytes);
  families.distribution("event_relay_publish_latency_seconds",
                        "Of publish requests that were stored: from the complete request to its answer",
                        counted.publish_latency, microseconds_in_a_second);
}

void add_outbox(metric_families& families, const counters& counted) {
  families.counter("event_relay_outbox_stored_total", "Events moved from the outbox into the journal by this relay",
                   counted.outbox_stored);
  families.counter("event_relay_outbox_known_total",
                   "Events of the outbox that were in the journal already, by their key", counted.outbox_known);
  families.gauge("event_relay_outbox_waiting", "Events in the outbox, counted up to 100000", counted.outbox_waiting);
  families.gauge("event_relay_outbox_lag_seconds", "Age of the oldest event in the outbox",
                 static_cast<double>(counted.outbox_lag_ms) / 1'000);
  by_reason<dead_letter_reason>(families, "event_relay_dead_letters_total",
                                "Events of the outbox that no relay could take, by reason", counted.dead_letters,
                                [](dead_letter_reason reason) { return name_of(reason); });
}

void add_streams(metric_families& families, const counters& counted, const config& limits) {
  families.gauge("event_relay_streams_open", "Event streams being served", counted.streams_open);
  families.gauge("event_relay_streams_max", "Streams that may be open (stream.max_streams)", limits.stream.max_streams);
  families.counter("event_relay_streams_opened_total", "Event streams begun", counted.streams_opened);
  families.counter("event_relay_events_delivered_total", "Events written to streams, each once for each of them",
                   counted.deliveries);
  families.counter("event_relay_stream_writes_total", "System calls that wrote to streams", counted.write_calls);
  families.counter("event_relay_stream_bytes_total", "Bytes written to streams", counted.bytes_written);
  families.counter("event_relay_heartbeats_total", "Heartbeats sent", counted.heartbeats);
  families.distribution("event_relay_delivery_latency_seconds",
                        "Of events written to streams that are up to date: from when this relay had the oldest one of a"
                        " write until it was written",
                        counted.delivery_latency, microseconds_in_a_second);
  families.distribution("event_relay_stream_sent_bytes", "Bytes written to one stream, known when it ends",
                        counted.stream_bytes, 1);
  by_reason<close_reason>(families, "event_relay_streams_closed_total", "Streams ended, by reason",
                          counted.streams_closed, [](close_reason reason) { return name_of(reason); });
  by_reason<sse::gap_reason>(families, "event_relay_stream_resets_total", "Gaps told to clients, by reason",
                             counted.resets, [](sse::gap_reason reason) { return sse::to_string(reason); });
}

void add_replays(metric_families& families, const counters& counted, const config& limits) {
  families.counter("event_relay_events_replayed_total", "Events written to streams that came from pages of the journal",
                   counted.replay_deliveries);
  families.counter("event_relay_replay_bytes_total", "Bytes written to streams from pages of the journal",
                   counted.replay_bytes);
  families.counter("event_relay_replay_pages_total", "Replay pages read from the journal", counted.replay_pages);
  families.counter("event_relay_replay_standby_pages_total", "Those of them that were read from the standby",
                   counted.replay_standby_pages);
  families.counter("event_relay_replay_page_hits_total", "Replay pages served from a reader's memory",
                   counted.replay_page_hits);
  families.gauge("event_relay_replay_bytes_held", "Memory held by replay pages", counted.replay_bytes_held);
  families.gauge("event_relay_replay_bytes_held_max", "How much that may be (stream.replay_bytes)",
                 limits.stream.replay_bytes);
}

void add_journal(metric_families& families, const snapshot& now) {
  const auto& [configuration, counted, report, started_at] = now;
  const char* const kind = sqlite_path(configuration.journal.url) ? "sqlite" : "postgresql";
  families.by("kind", type::Gauge, "event_relay_journal_info", "What the journal is kept in").add(kind, 1);
  families.gauge("event_relay_ready", "Whether publishing and streaming both work", report.ready);
  families.gauge("event_relay_journal_writable", "Whether events can be stored", report.writable);
  families.gauge("event_relay_journal_readable", "Whether the tail follows the journal", report.readable);
  families.gauge("event_relay_journal_epoch", "The journal's epoch; 0: it was not opened yet", report.epoch);
  families.gauge("event_relay_head_position", "Position of the newest event that the journal is known to have",
                 report.head);
  families.gauge("event_relay_floor_position", "Position of the newest event that retention removed", report.floor);
  families.gauge("event_relay_oldest_position", "Position of the oldest event in the journal", counted.oldest_position);
  families.counter("event_relay_partitions_dropped_total", "Pieces of the journal that retention removed",
                   counted.partitions_dropped);
  families.counter("event_relay_journal_connects_total", "Connections made to the journal", counted.journal_connects);
  families.counter("event_relay_journal_losses_total", "Connections to the journal that broke", counted.journal_losses);
  families.counter("event_relay_events_tailed_total", "Events appended to the log tail, from any relay",
                   counted.events_tailed);
  families.gauge("event_relay_tail_lag_positions", "Events of the journal that live streams cannot have yet",
                 report.tail_lag());
  if (report.since_last_look)
    families.gauge("event_relay_tail_lag_seconds",
                   "Since the tail last heard from the journal: what other relays stored before that is there",
                   std::chrono::duration<double>(*report.since_last_look).count());
}

/// Names come from clients, so there could be any number of them: the survey has the furthest behind, and not more than
/// consumers_surveyed.
void add_consumers(metric_families& families, const relay_report& report) {
  if (!report.consumers) return;
  families.gauge("event_relay_consumers", "Named consumers in the journal", report.consumers->count);
  const auto& behind = report.consumers->furthest_behind;
  if (behind.empty()) return;
  auto events = families.by("consumer", type::Gauge, "event_relay_consumer_lag_events",
                            "Events that a named consumer has yet to acknowledge, of those furthest behind");
  for (const auto& one : behind) events.add(one.consumer.name, static_cast<double>(one.lag));
  const auto wall_clock = std::chrono::system_clock::now();
  auto ages = families.by("consumer", type::Gauge, "event_relay_consumer_lag_seconds",
                          "Age of the oldest event that a named consumer has yet to acknowledge");
  for (const auto& one : behind) {
    const bool waits = one.lag > 0 && one.waiting_since != timestamp{};
    const std::chrono::duration<double> age = wall_clock - one.waiting_since;
    ages.add(one.consumer.name, waits ? std::max(age.count(), 0.0) : 0.0);
  }
}

}  // namespace

std::string render_metrics(const snapshot& now) {
  metric_families families;
  families.by("version", type::Gauge, "event_relay_build_info", "The program that is running").add(version, 1);
  add_connections(families, now.counted, now.configuration);
  add_publishing(families, now.counted, now.configuration);
  add_streams(families, now.counted, now.configuration);
  add_replays(families, now.counted, now.configuration);
  add_journal(families, now);
  add_consumers(families, now.relay);
  add_outbox(families, now.counted);
  add_process_metrics(families, now.started_at);
  return families.text();
}

}  // namespace event_relay
