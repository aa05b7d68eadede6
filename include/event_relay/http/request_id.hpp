#pragma once

#include "event_relay/http/request.hpp"

#include <string>
#include <string_view>

namespace event_relay::http {

inline constexpr std::string_view request_id_header = "X-Request-Id";

/// What is taken from a client: 1 to 128 of 0-9 A-Z a-z . _ -, so that it can stand in a header, a URN and a log line.
bool is_request_id(std::string_view text) noexcept;

/// The client's own, if it sent exactly one that can be taken; otherwise a new one.
std::string request_id_of(const request_header& header);

/// Unlike all others of this process, and as good as certainly of any other. It is no secret: it can be guessed.
std::string make_request_id();

}  // namespace event_relay::http
