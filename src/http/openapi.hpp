#pragma once

#include <string_view>

namespace event_relay::http {

/// openapi.json with the version filled in.
std::string_view openapi_document();

}  // namespace event_relay::http
