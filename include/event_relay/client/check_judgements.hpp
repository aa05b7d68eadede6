#pragma once

#include "event_relay/client/check_report.hpp"
#include "event_relay/client/http_exchange.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace event_relay::client {

/// What the observations of a check mean. Pure: they are told what was seen.

finding judge_health(const http_response& response, std::chrono::milliseconds took);
finding judge_readiness(const http_response& response);

/// Of the same request with the token and without it.
finding judge_authorization(const http_response& with_token, const http_response& without);

/// Nothing: no byte of the stream's body came while it was waited for.
finding judge_first_byte(std::optional<std::chrono::milliseconds> took);

/// Of a stream that was asked for with Accept-Encoding.
finding judge_stream_head(const http_head& head);

/// An event that was published while a stream was open.
struct arrival {
  std::optional<std::chrono::milliseconds> after;  ///< its publisher's answer; nothing: it did not come
  bool before_next = false;                        ///< it had come when the next one was published, which waited for it
};

finding judge_arrivals(const std::vector<arrival>& arrivals);

/// The ids that came after the one that was named, of which `expected` had to be the first.
finding judge_resume(const std::vector<std::string>& expected, const std::vector<std::string>& came,
                     bool parameter_works);

/// The answers to the same event under the same key.
finding judge_repetition(const http_response& first, const http_response& second);

/// The answer to a request for what is not there.
finding judge_problem(const http_response& response);

finding judge_cors(const http_head& preflight, const http_head& answer, std::string_view origin);

/// A stream on which nothing happened.
struct idle_stream {
  std::chrono::seconds wanted;     ///< it was to be held for so long
  std::chrono::seconds heartbeat;  ///< the relay sends one after so much silence
  std::chrono::seconds held;
  std::size_t heartbeats = 0;
  std::string ended{};      ///< why it was not held to the end; empty: it was
  bool event_came = false;  ///< that was published at the end
};

finding judge_idle(const idle_stream& stream);

}  // namespace event_relay::client
