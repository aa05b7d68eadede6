#pragma once

#include "event_relay/app/snapshot.hpp"

#include <string>

namespace event_relay {

/// What `GET /status` answers: one JSON object with what a person, or a page, wants to know of this relay. Holds nothing
/// that the configuration keeps secret.
std::string render_status(const snapshot& now);

}  // namespace event_relay
