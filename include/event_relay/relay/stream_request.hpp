#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/counters.hpp"
#include "event_relay/core/filter.hpp"
#include "event_relay/core/timestamp.hpp"
#include "event_relay/relay/client_stream.hpp"
#include "event_relay/sse/chunk.hpp"
#include "event_relay/sse/last_event_id.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace event_relay {

/// What is written around the events.
enum class envelope : std::uint8_t {
  event_stream,  ///< text/event-stream
  lines,         ///< application/x-ndjson: an object a line
  page,          ///< application/json: one object with some events and the id to go on after
  feed,          ///< application/cloudevents-batch+json: an array of some CloudEvents (http-feeds.org)
};

/// How a reader wants its events, and how many of them.
struct stream_form {
  envelope as = envelope::event_stream;
  bool cloud_events = false;               ///< each as a CloudEvent in JSON
  bool tells_live = false;                 ///< relay.live, when the replay has caught up
  bool tells_cursor = false;               ///< ids without events, where events are filtered out
  std::optional<std::uint64_t> limit;      ///< events, then the end
  std::optional<timestamp> until;          ///< the end where an event is as late as this
  std::chrono::milliseconds patience{0};   ///< of a page or feed: how long to wait for its first event

  bool is_bounded() const noexcept { return limit || until || ends_at_head(); }
  /// It takes what there is.
  bool ends_at_head() const noexcept { return as == envelope::page || as == envelope::feed; }
};

/// Counts one stream for as long as it lives: made when the request is admitted, gone with the handler.
class stream_permit {
 public:
  virtual ~stream_permit() = default;
};

/// Is told by the handler how its stream ended. Goes untold only when the handler fails.
class stream_witness {
 public:
  virtual ~stream_witness() = default;
  virtual void ended(close_reason why, std::uint64_t events, std::uint64_t bytes) = 0;
};

/// A request for a stream that was found good; all that the handler needs of it.
struct stream_request {
  std::unique_ptr<client_stream> stream;
  std::unique_ptr<stream_permit> permit;
  std::unique_ptr<stream_witness> witness;  ///< null: nobody wants to know
  std::string unsent;                     ///< of the response head and preamble: the first bytes to write, as they are
  std::size_t sent_bytes = 0;             ///< what went out before them
  sse::start_point start;
  std::shared_ptr<const filter> wanted;   ///< null: everything
  stream_form form;
  std::string consumer;                   ///< whose cursor to go on from; `start` is for a new one. Empty: nobody's
  sse::body_framing framing = sse::body_framing::chunked;
  gap_policy on_gap = gap_policy::earliest;
};

}  // namespace event_relay
