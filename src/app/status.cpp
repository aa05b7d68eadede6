#include "event_relay/app/status.hpp"

#include "event_relay/app/version.hpp"
#include "event_relay/core/connection_string.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace event_relay {
namespace {

using json = nlohmann::ordered_json;

double seconds(auto duration) { return std::chrono::duration<double>(duration).count(); }

std::uint64_t sum(const auto& counted) {
  return std::accumulate(counted.begin(), counted.end(), std::uint64_t{0});
}

json journal_of(const config& configuration, const relay_report& report) {
  const bool opened = report.epoch != 0;
  return {{"kind", sqlite_path(configuration.journal.url) ? "sqlite" : "postgresql"},
          {"writable", report.writable},
          {"readable", report.readable},
          {"epoch", opened ? json(report.epoch) : json()},
          {"head", opened ? json(report.head) : json()},
          {"floor", opened ? json(report.floor) : json()}};
}

json tail_of(const relay_report& report) {
  return {{"head", report.tail_head},
          {"lag", report.tail_lag()},
          {"last_look_seconds", report.since_last_look ? json(seconds(*report.since_last_look)) : json()}};
}

json consumers_of(const relay_report& report) {
  if (!report.consumers) return {{"count", nullptr}, {"largest_lag", nullptr}};
  const auto& behind = report.consumers->furthest_behind;
  return {{"count", report.consumers->count}, {"largest_lag", behind.empty() ? 0 : behind.front().lag}};
}

json published_of(const counters& counted) {
  return {{"events", counted.events_published.load()},
          {"duplicates", counted.events_duplicate.load()},
          {"commits", counted.commits.load()},
          {"waiting", counted.publishes_waiting.load()},
          {"bytes_waiting", counted.publish_bytes_waiting.load()}};
}

json streams_of(const counters& counted) {
  return {{"open", counted.streams_open.load()},
          {"opened", counted.streams_opened.load()},
          {"deliveries", counted.deliveries.load()},
          {"replayed", counted.replay_deliveries.load()},
          {"bytes", counted.bytes_written.load()}};
}

json outbox_of(const counters& counted) {
  return {{"waiting", counted.outbox_waiting.load()},
          {"lag_seconds", static_cast<double>(counted.outbox_lag_ms) / 1'000},
          {"stored", counted.outbox_stored.load()},
          {"dead_letters", sum(counted.dead_letters)}};
}

/// Those that explain what is refused or removed; durations in seconds, 0: without limit.
json limits_of(const config& configuration) {
  const auto& publish = configuration.publish;
  const auto& stream = configuration.stream;
  const auto& retention = configuration.retention;
  return {{"connections", configuration.http.max_connections},
          {"streams", stream.max_streams},
          {"streams_per_address", stream.max_streams_per_address},
          {"event_bytes", publish.max_event_bytes},
          {"request_events", publish.max_request_events},
          {"request_bytes", publish.max_request_bytes},
          {"publishes_waiting", publish.max_waiting},
          {"stream_age_seconds", seconds(stream.max_age)},
          {"heartbeat_seconds", seconds(stream.heartbeat)},
          {"retention_age_seconds", seconds(retention.max_age)},
          {"retention_events", retention.max_events},
          {"retention_bytes", retention.max_bytes}};
}

}  // namespace

std::string render_status(const snapshot& now) {
  const auto uptime = std::chrono::system_clock::now() - now.started_at;
  const auto& counted = now.counted;
  const json status{{"version", version},
                    {"started_at", format_timestamp(now.started_at)},
                    {"uptime_seconds", std::max(seconds(uptime), 0.0)},
                    {"ready", now.relay.ready},
                    {"journal", journal_of(now.configuration, now.relay)},
                    {"tail", tail_of(now.relay)},
                    {"connections",
                     {{"open", counted.connections_open.load()}, {"opened", counted.connections_opened.load()}}},
                    {"streams", streams_of(counted)},
                    {"published", published_of(counted)},
                    {"refused", sum(counted.refused)},
                    {"outbox", outbox_of(counted)},
                    {"consumers", consumers_of(now.relay)},
                    {"topics", now.configuration.topics},
                    {"limits", limits_of(now.configuration)}};
  return status.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace event_relay
