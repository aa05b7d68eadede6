#pragma once

#include "event_relay/http/problem.hpp"

#include <boost/beast/http/fields.hpp>

#include <string>

namespace event_relay::http {

/// The bytes of a response's head up to and with the empty line, with Date and Server added.
std::string head_text(const boost::beast::http::response_header<>& head);

/// The bytes of a whole response. Sets Content-Length and Connection first. `head_only`: an answer to HEAD, which has
/// the length of the body and not the body (RFC 9110 9.3.2).
std::string response_text(response& answer, bool keep_alive, bool head_only);

}  // namespace event_relay::http
