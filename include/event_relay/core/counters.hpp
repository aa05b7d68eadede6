#pragma once

#include "event_relay/core/error.hpp"
#include "event_relay/core/histogram.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace event_relay {

/// Why a stream ended. Every stream ends with exactly one of these.
enum class close_reason : std::uint8_t {
  peer_closed,    ///< the client closed, or shut down its side
  write_failed,   ///< the connection broke while writing
  closed_check,   ///< the periodic look found the client gone
  stalled,        ///< no byte taken for stream.stall_timeout
  max_age,        ///< stream.max_age is over; the client reconnects
  superseded,     ///< another reader has taken its consumer, or the consumer was reset or removed
  complete,       ///< what was asked for has an end, and that was reached
  drained,        ///< shutdown, on a frame boundary
  forced,         ///< shutdown, past the deadline
  too_much_input, ///< the client kept sending on a stream
  failed,         ///< a bug; the log has it
};
inline constexpr std::size_t close_reason_count = 11;
const char* name_of(close_reason reason) noexcept;

/// Why an event of the outbox could not become one of the journal.
enum class dead_letter_reason : std::uint8_t { unknown_topic, data_too_large, idempotency_key_reused };
inline constexpr std::size_t dead_letter_reason_count = 3;
const char* name_of(dead_letter_reason reason) noexcept;

/// What the process counts, written relaxed from any thread and read by /metrics. Counters only grow, gauges are exact.
struct counters {
  using counter = std::atomic<std::uint64_t>;
  using gauge = std::atomic<std::int64_t>;

  std::array<counter, errc_count> refused{};                 ///< requests, by errc
  std::array<counter, close_reason_count> streams_closed{};  ///< by close_reason
  std::array<counter, 5> resets{};                           ///< gaps told to clients, by sse::gap_reason
  counter connections_opened{};
  counter streams_opened{};
  counter events_published{};    ///< stored by this relay
  counter events_duplicate{};    ///< publishes answered from an earlier one with the same key
  counter commits{};
  counter outbox_stored{};       ///< events moved from the outbox into the journal
  counter outbox_known{};        ///< events of the outbox whose key was in the journal already
  std::array<counter, dead_letter_reason_count> dead_letters{};  ///< by dead_letter_reason
  counter events_tailed{};       ///< appended to the log tail, from whichever relay
  counter deliveries{};          ///< events written to streams, each once for each of them
  counter replay_deliveries{};   ///< those of them that came from pages of the journal
  counter write_calls{};
  counter bytes_written{};
  counter heartbeats{};
  counter replay_bytes{};        ///< written to streams from pages of the journal
  counter replay_pages{};        ///< read from the journal
  counter replay_standby_pages{};  ///< the same, from the standby
  counter replay_page_hits{};    ///< found in a reader's cache
  counter journal_connects{};
  counter journal_losses{};      ///< connections to the journal that broke
  gauge connections_open{};
  gauge streams_open{};
  counter partitions_dropped{};  ///< by retention
  gauge oldest_position{};       ///< of the journal; above the head: it is empty
  gauge outbox_waiting{};        ///< events, counted up to 100 000
  gauge outbox_lag_ms{};         ///< age of the oldest
  gauge publishes_waiting{};
  gauge publish_bytes_waiting{};
  gauge replay_bytes_held{};
  latency_histogram publish_latency;   ///< of what was stored: from the complete request to its answer
  latency_histogram delivery_latency;  ///< of live events: from when this relay first had one until it was written
  histogram<histogram_bounds::stream_bytes> stream_bytes;  ///< sent to one stream, known when it ends

  void count(errc reason) noexcept { refused[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed); }
  void count(close_reason reason) noexcept {
    streams_closed[static_cast<std::size_t>(reason)].fetch_add(1, std::memory_order_relaxed);
  }
};

inline void add(counters::counter& counter, std::uint64_t amount = 1) noexcept {
  counter.fetch_add(amount, std::memory_order_relaxed);
}

}  // namespace event_relay
