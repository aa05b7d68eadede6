#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/http/problem.hpp"
#include "event_relay/http/request.hpp"

#include <optional>

namespace event_relay::http {

/// What an endpoint lets a client do, and so which tokens open it.
enum class access_scope {
  none,     ///< for everybody: probes and the page itself, which tell nothing of the events
  read,     ///< events, consumers and figures
  publish,
};

/// Why this request may not go on; nothing when it may. A client shows its token as RFC 6750 has it: in the Authorization
/// header, or, as an EventSource cannot set headers, in the query of a GET (`access_token`). A scope without tokens is open,
/// but a token that is shown must be one of the relay's: who believes to be somebody must not go on as nobody.
std::optional<problem> check_access(access_scope needed, const request& asked, const access_config& options);

}  // namespace event_relay::http
