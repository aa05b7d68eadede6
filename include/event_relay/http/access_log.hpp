#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/http/asio_types.hpp"
#include "event_relay/relay/stream_request.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace event_relay::http {

/// A request that was answered, as the access log has it. Views live as long as the call.
struct answered_request {
  std::string_view method;  ///< empty: none was understood
  std::string_view target;
  std::string_view request_id;
  tcp::endpoint client;
  unsigned status = 0;
  std::uint64_t bytes = 0;    ///< sent, head included
  std::string_view problem{};   ///< why it was refused; empty: it was not
  std::string_view trace_id{};  ///< empty: none
  std::chrono::steady_clock::duration took{};
};

/// Whether there is a line for such an answer. /readyz refuses nothing when it says 503.
bool is_logged(access_log which, bool refused) noexcept;

void log_answer(const answered_request& answered);

/// Path and query as they may be seen by those who read logs: of the query only parameters that the relay knows and
/// that hold no secret, everything else is ***. A long one is cut.
std::string loggable_target(std::string_view target);

/// Writes the line of a stream when it ends. `begun`: the request, as far as it is known by then.
std::unique_ptr<stream_witness> log_stream_end(const answered_request& begun);

}  // namespace event_relay::http
