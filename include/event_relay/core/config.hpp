#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace event_relay {

/// What a stream does when it cannot go on after the id it was given.
enum class gap_policy {
  earliest,  ///< go on from the oldest event that is left
  live,      ///< go on with the next event that is published
  fail,      ///< answer 410 and do not stream
};

/// Whether services may publish inside their own transactions.
enum class outbox_use {
  automatic,  ///< where the journal has an outbox
  always,     ///< a journal without one is refused
  never,
};

enum class log_format { text, json };

/// Of which requests the log has a line.
enum class access_log { none, refused, all };

// The names of the members are the names of the options: `http.max_header_bytes` is config::http.max_header_bytes.
// One list in app/options.cpp says how each is spelled on the command line, in the environment and in the file.

struct http_config {
  std::string address = "127.0.0.1";      ///< address to listen on; 0.0.0.0 or :: for all
  std::uint16_t port = 8080;              ///< 0: the kernel chooses one, which the log tells
  unsigned threads = 1;                   ///< threads that accept and parse
  std::size_t max_connections = 100'000;  ///< open connections of every kind; above it new ones get 503
  std::size_t max_header_bytes = 16'384;  ///< request line and headers together; above it 431
  std::size_t max_target_bytes = 8'000;   ///< path and query (RFC 9110 4.1 wants 8000 at least); above it 414
  std::chrono::milliseconds header_timeout{10'000};  ///< from the first byte of a request to its last header; then 408
  std::chrono::milliseconds body_timeout{30'000};    ///< from the last header to the end of the body; then 408
  std::chrono::milliseconds idle_timeout{75'000};    ///< a kept connection without a request is closed
  std::vector<std::string> cors_origins;             ///< origins whose pages may read; "*" for all of them
  bool console = true;                               ///< serve the web page at /

  friend bool operator==(const http_config&, const http_config&) = default;
};

/// Who may do what. A scope without tokens is open to everybody who reaches the port.
struct access_config {
  std::vector<std::string> read_tokens;     ///< for events, consumers and figures
  std::vector<std::string> publish_tokens;  ///< for POST to a topic

  friend bool operator==(const access_config&, const access_config&) = default;
};

struct journal_config {
  std::string url;                                 ///< libpq connection string, postgresql:// URL or sqlite:PATH
  std::string replay_url;                          ///< of a PostgreSQL hot standby for replays; empty: there is none
  unsigned readers = 2;                            ///< database connections that serve replays
  std::size_t page_events = 1'000;                 ///< events of one replay page
  std::size_t page_bytes = 256 * 1024;             ///< a page ends early at this many bytes of data (but has one event)
  std::chrono::milliseconds poll_interval{250};    ///< look for news at least this often, should a notice be lost
  std::chrono::milliseconds reconnect_max{1'000};  ///< longest pause between two attempts to connect
  std::chrono::seconds idempotency_window{86'400};  ///< how long an Idempotency-Key is remembered
  bool migrate = true;                              ///< create or upgrade the schema at start

  friend bool operator==(const journal_config&, const journal_config&) = default;
};

struct outbox_config {
  outbox_use enabled = outbox_use::automatic;    ///< move what services put into the outbox into the journal
  std::chrono::milliseconds poll_interval{10};   ///< how often to look; slower until the outbox is used for the first time

  friend bool operator==(const outbox_config&, const outbox_config&) = default;
};

struct retention_config {
  std::chrono::seconds max_age{0};           ///< events older than this are removed; 0: never
  std::size_t max_events = 0;                ///< the newest so many are kept; 0: all
  std::size_t max_bytes = 0;                 ///< disk that the journal may take; 0: all there is
  std::size_t partition_events = 100'000;    ///< what is removed is removed in pieces of this size
  std::chrono::milliseconds interval{30'000};  ///< how often to look
  bool overtake_consumers = false;           ///< also what a named consumer has not acknowledged

  bool limits_anything() const noexcept { return max_age.count() > 0 || max_events > 0 || max_bytes > 0; }
  friend bool operator==(const retention_config&, const retention_config&) = default;
};

struct publish_config {
  std::size_t max_event_bytes = 1024 * 1024;           ///< size of one event's data; above it 413
  std::size_t max_request_events = 10'000;             ///< events of one batch that is sent whole; above it 413
  std::size_t max_request_bytes = 16 * 1024 * 1024;    ///< the same in bytes
  std::size_t max_waiting = 20'000;                    ///< events accepted and not yet committed; above it 503
  std::size_t max_waiting_bytes = 64 * 1024 * 1024;    ///< the same in bytes of data
  std::size_t max_batch_events = 1'000;                ///< events of one commit
  std::size_t max_batch_bytes = 1024 * 1024;           ///< bytes of one commit (but it has one event)
  std::chrono::milliseconds in_doubt_timeout{15'000};  ///< how long to wait for the fate of a commit that was cut off

  friend bool operator==(const publish_config&, const publish_config&) = default;
};

struct stream_config {
  std::size_t max_streams = 100'000;                 ///< open event streams; above it 503
  std::size_t max_streams_per_address = 0;           ///< the same for one client address, then 429; 0: no limit
  std::chrono::milliseconds heartbeat{15'000};       ///< comment line after this much silence (WHATWG 9.2.7: 15 s)
  std::chrono::milliseconds closed_check{30'000};    ///< how often to look whether the client is still there
  std::chrono::milliseconds retry{3'000};            ///< reconnection time told to clients, +-20 % for each
  std::chrono::milliseconds max_age{3'600'000};      ///< a stream is closed after this, +-20 %; 0: never
  std::chrono::milliseconds stall_timeout{120'000};  ///< a client that takes no byte for so long is closed
  std::size_t tail_bytes = 64 * 1024 * 1024;         ///< newest part of the journal that is kept in memory
  std::size_t replay_bytes = 64 * 1024 * 1024;       ///< memory for replay pages of all streams together
  gap_policy on_gap = gap_policy::earliest;          ///< unless the request says otherwise

  friend bool operator==(const stream_config&, const stream_config&) = default;
};

struct shutdown_config {
  std::chrono::milliseconds drain_delay{0};       ///< /readyz says 503 for so long before the listener closes
  std::chrono::milliseconds drain_period{3'000};  ///< streams are closed spread over this time
  std::chrono::milliseconds deadline{10'000};     ///< what is still open after this is cut off

  friend bool operator==(const shutdown_config&, const shutdown_config&) = default;
};

struct log_config {
  std::string level = "info";            ///< trace, debug, info, warn, error
  log_format format = log_format::text;  ///< text, or one JSON object a line
  access_log access = access_log::refused;  ///< requests that get a line

  friend bool operator==(const log_config&, const log_config&) = default;
};

struct config {
  http_config http;
  access_config access;
  journal_config journal;
  publish_config publish;
  outbox_config outbox;
  retention_config retention;
  stream_config stream;
  shutdown_config shutdown;
  log_config log;
  std::vector<std::string> topics{"reservations"};  ///< topics that may be published here
  unsigned threads = 0;                             ///< actor threads; 0: one per processor core

  friend bool operator==(const config&, const config&) = default;
};

/// One thing that is wrong with a configuration.
struct config_problem {
  std::string key;   ///< e.g. "stream.heartbeat"
  std::string text;  ///< e.g. "must be between 20ms and 44s, is 2m"
};

/// All that is wrong, in the order of the members; empty when the configuration can be used.
std::vector<config_problem> validate(const config& configuration);

}  // namespace event_relay
