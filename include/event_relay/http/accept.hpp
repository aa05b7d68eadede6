#pragma once

#include <string_view>

namespace event_relay::http {

/// How much an Accept header (RFC 9110 12.5.1) wants `type`/`subtype`, in thousandths: of the ranges that fit, the most
/// specific one decides. 0: not at all. An empty header takes everything.
int weight_in(std::string_view accept, std::string_view type, std::string_view subtype);

}  // namespace event_relay::http
