#include "event_relay/core/config.hpp"

#include "core/config_checks.hpp"
#include "event_relay/core/connection_string.hpp"
#include "event_relay/core/event.hpp"
#include "event_relay/core/log_line.hpp"

#include <algorithm>
#include <array>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

// Shorter than this is a typing error (15ms for 15s) more often than a wish; tests use it to be quick.
constexpr std::chrono::milliseconds shortest = 20ms;
constexpr std::size_t gib = std::size_t{1} << 30;

// `POST /{topic}` shares its first path segment with these; HTTP clients resolve `.` and `..` before they send.
constexpr std::array<std::string_view, 10> reserved_topics{"events",  "healthz",      "readyz",    "metrics", "status",
                                                           "console", "openapi.json", "consumers", ".",       ".."};

void check_http(config_checks& checks, const http_config& http) {
  checks.require(is_ip_address(http.address), "http.address",
                 "must be an IPv4 or IPv6 address such as 127.0.0.1, 0.0.0.0 or ::1, not a name");
  checks.between("http.threads", http.threads, 1, 256);
  checks.between("http.max_connections", http.max_connections, 1, 10'000'000);
  checks.size_between("http.max_header_bytes", http.max_header_bytes, 256, 1 << 20);
  checks.size_between("http.max_target_bytes", http.max_target_bytes, 16, 1 << 20);
  checks.require(
      http.max_target_bytes < http.max_header_bytes, "http.max_target_bytes",
      "must be less than http.max_header_bytes, which counts the request line too, or 414 is never answered");
  checks.between("http.header_timeout", http.header_timeout, shortest, 1h);
  checks.between("http.body_timeout", http.body_timeout, shortest, 1h);
  checks.between("http.idle_timeout", http.idle_timeout, shortest, 24h);
  for (const auto& origin : http.cors_origins)
    checks.require(
        is_cors_origin(origin), "http.cors_origins",
        "must be * or scheme://host[:port] without a path, as browsers send it in Origin, is " + log::quoted(origin));
}

// Not by its text: a problem is written to a terminal and a log.
void check_tokens(config_checks& checks, std::string_view key, const std::vector<std::string>& tokens) {
  for (const auto& token : tokens)
    checks.require(is_access_token(token), key,
                   "must have tokens of 16 to 512 characters of A-Z a-z 0-9 - . _ ~ + / and = at the end, as"
                   " `openssl rand -hex 32` makes them; token " +
                       std::to_string(&token - tokens.data() + 1) + " is not one");
}

void check_journal(config_checks& checks, const journal_config& journal) {
  checks.require(!journal.url.empty(), "journal.url",
                 "must be set, e.g. sqlite:/var/lib/event-relay/journal.db or postgresql://relay@localhost/relay");
  if (const auto path = sqlite_path(journal.url))
    checks.require(!path->empty() && *path != ":memory:", "journal.url",
                   "must name a file after sqlite:, e.g. sqlite:/var/lib/event-relay/journal.db");
  // libpq takes a C string and would silently connect with what comes before.
  checks.require(journal.url.find('\0') == std::string::npos, "journal.url", "must not contain a NUL byte");
  checks.require(journal.replay_url.find('\0') == std::string::npos, "journal.replay_url", "must not contain a NUL byte");
  checks.between("journal.readers", journal.readers, 1, 64);
  checks.between("journal.page_events", journal.page_events, 1, 100'000);
  checks.size_between("journal.page_bytes", journal.page_bytes, 1, 64 << 20);
  checks.between("journal.poll_interval", journal.poll_interval, 5ms, 1min);
  checks.between("journal.reconnect_max", journal.reconnect_max, shortest, 10min);
  checks.between("journal.idempotency_window", journal.idempotency_window, 1s, 24h * 3660);
}

void check_publish(config_checks& checks, const publish_config& publish) {
  // npm's eventsource gives up for good on an event of 100 MiB.
  checks.size_between("publish.max_event_bytes", publish.max_event_bytes, 1, 64 << 20);
  checks.between("publish.max_request_events", publish.max_request_events, 1, 1'000'000);
  checks.size_between("publish.max_request_bytes", publish.max_request_bytes, 1, 256 << 20);
  checks.between("publish.max_waiting", publish.max_waiting, 1, 10'000'000);
  checks.size_between("publish.max_waiting_bytes", publish.max_waiting_bytes, 1, 64 * gib);
  checks.require(publish.max_waiting_bytes >= publish.max_event_bytes, "publish.max_waiting_bytes",
                 "must not be less than publish.max_event_bytes, or the largest events are never accepted");
  checks.between("publish.max_batch_events", publish.max_batch_events, 1, 100'000);
  // PostgreSQL takes no parameter of 1 GiB or more, and a batch is one.
  checks.size_between("publish.max_batch_bytes", publish.max_batch_bytes, 1, gib / 2);
  checks.between("publish.in_doubt_timeout", publish.in_doubt_timeout, shortest, 1h);
}

void check_outbox(config_checks& checks, const outbox_config& outbox) {
  checks.between("outbox.poll_interval", outbox.poll_interval, 1ms, 1min);
}

/// What a journal in a file cannot do. Told at the start: who asks for it relies on it.
void check_needs_of_postgres(config_checks& checks, const config& configuration) {
  if (!sqlite_path(configuration.journal.url)) return;
  constexpr auto needed = "needs a journal in PostgreSQL; journal.url names a file";
  checks.require(configuration.outbox.enabled != outbox_use::always, "outbox.enabled", needed);
  checks.require(configuration.journal.replay_url.empty(), "journal.replay_url", needed);
}

void check_retention(config_checks& checks, const retention_config& retention) {
  checks.between("retention.max_age", retention.max_age, 0s, 24h * 36'600);
  checks.between("retention.partition_events", retention.partition_events, 10, 1'000'000'000);
  checks.between("retention.interval", retention.interval, shortest, 24h);
}

void check_stream(config_checks& checks, const stream_config& stream, const journal_config& journal) {
  checks.between("stream.max_streams", stream.max_streams, 1, 10'000'000);
  checks.between("stream.max_streams_per_address", stream.max_streams_per_address, 0, 10'000'000);
  // Yaffle's EventSource polyfill takes 45 s of silence for a dead connection; proxies wait for 60 s and more.
  checks.between("stream.heartbeat", stream.heartbeat, shortest, 44s);
  checks.between("stream.closed_check", stream.closed_check, shortest, 1h);
  // 0 would have every client of a stopped relay reconnect in a tight loop.
  checks.between("stream.retry", stream.retry, 1ms, 1h);
  if (stream.max_age != 0ms) checks.between("stream.max_age", stream.max_age, shortest, 24h * 366);
  checks.between("stream.stall_timeout", stream.stall_timeout, shortest, 24h);
  checks.size_between("stream.tail_bytes", stream.tail_bytes, 1, 64 * gib);
  checks.size_between("stream.replay_bytes", stream.replay_bytes, 1, 64 * gib);
  checks.require(stream.replay_bytes >= journal.page_bytes, "stream.replay_bytes",
                 "must not be less than journal.page_bytes, or no page can be read");
}

void check_shutdown(config_checks& checks, const shutdown_config& shutdown) {
  checks.between("shutdown.drain_delay", shutdown.drain_delay, 0ms, 1h);
  checks.between("shutdown.drain_period", shutdown.drain_period, 0ms, 1h);
  checks.between("shutdown.deadline", shutdown.deadline, 0ms, 2h);
  checks.require(shutdown.deadline >= shutdown.drain_period, "shutdown.deadline",
                 "must not be less than shutdown.drain_period, or streams are cut off before their turn");
}

void check_log(config_checks& checks, const log_config& log) {
  constexpr std::array<std::string_view, 5> levels{"trace", "debug", "info", "warn", "error"};
  checks.require(std::ranges::find(levels, log.level) != levels.end(), "log.level",
                 "must be trace, debug, info, warn or error, is " + log::quoted(log.level));
}

void check_topics(config_checks& checks, const std::vector<std::string>& topics) {
  checks.require(!topics.empty(), "topics", "must name one topic at least");
  for (auto topic = topics.begin(); topic != topics.end(); ++topic) {
    const auto name = log::quoted(*topic);
    if (const auto valid = check_topic_name(*topic); !valid)
      checks.refuse("topics", name + " cannot be used: " + valid.error().message());
    else if (std::ranges::find(reserved_topics, *topic) != reserved_topics.end())
      checks.refuse("topics", name + " cannot be used: the path /" + *topic + " means something else");
    else if (std::find(topics.begin(), topic, *topic) != topic)
      checks.refuse("topics", name + " is named twice");
  }
}

}  // namespace

std::vector<config_problem> validate(const config& configuration) {
  config_checks checks;
  check_http(checks, configuration.http);
  check_tokens(checks, "access.read_tokens", configuration.access.read_tokens);
  check_tokens(checks, "access.publish_tokens", configuration.access.publish_tokens);
  check_journal(checks, configuration.journal);
  check_publish(checks, configuration.publish);
  check_outbox(checks, configuration.outbox);
  check_needs_of_postgres(checks, configuration);
  check_retention(checks, configuration.retention);
  check_stream(checks, configuration.stream, configuration.journal);
  check_shutdown(checks, configuration.shutdown);
  check_log(checks, configuration.log);
  check_topics(checks, configuration.topics);
  checks.between("threads", configuration.threads, 0, 1'024);
  return checks.problems();
}

}  // namespace event_relay
