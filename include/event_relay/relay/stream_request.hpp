#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/filter.hpp"
#include "event_relay/relay/client_stream.hpp"
#include "event_relay/sse/chunk.hpp"
#include "event_relay/sse/last_event_id.hpp"

#include <memory>
#include <string>

namespace event_relay {

/// Counts one stream for as long as it lives: made when the request is admitted, gone with the handler.
class stream_permit {
 public:
  virtual ~stream_permit() = default;
};

/// A request for a stream that was found good; all that the handler needs of it.
struct stream_request {
  std::unique_ptr<client_stream> stream;
  std::unique_ptr<stream_permit> permit;
  std::string unsent;                     ///< of the response head and preamble: the first bytes to write, as they are
  sse::start_point start;
  std::shared_ptr<const filter> wanted;   ///< null: everything
  sse::body_framing framing = sse::body_framing::chunked;
  gap_policy on_gap = gap_policy::earliest;
};

}  // namespace event_relay
