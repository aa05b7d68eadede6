#pragma once

#include <string_view>

namespace event_relay::http {

/// Whether an Accept header (RFC 9110 12.5.1) takes `type`/`subtype`: of the ranges that fit, the most specific one
/// decides, and q=0 refuses. An empty header takes everything.
bool accepts(std::string_view accept, std::string_view type, std::string_view subtype);

}  // namespace event_relay::http
