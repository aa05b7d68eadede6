#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/http/problem.hpp"
#include "event_relay/http/request.hpp"

#include <optional>

namespace event_relay::http {

/// Lets pages of the configured origins read the answer, refusals included: without these headers a script sees an
/// opaque failure. Only origins on the list, never any origin with credentials (which would hand a user's stream to
/// every site that user visits).
void allow_origin(boost::beast::http::response_header<>& head, const request& asked, const http_config& options);

/// Refuses what would change something and comes from a page of an origin that is neither this one nor listed.
std::optional<problem> check_origin(const request& asked, const http_config& options);

/// Answer to OPTIONS: the methods, and for a preflight what a page may send.
response options_response(std::string_view allow, const request& asked, const http_config& options);

}  // namespace event_relay::http
