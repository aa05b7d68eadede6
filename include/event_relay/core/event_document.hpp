#pragma once

#include "event_relay/core/event.hpp"

#include <string>
#include <string_view>

namespace event_relay {

/// An event with all that is known of it, for those who do not read the event stream. Views, as in event_view.
struct event_fields {
  std::string_view id;     ///< the relay's: <epoch>-<position>
  std::string_view topic;  ///< empty: a word of the relay itself
  std::string_view type;
  std::string_view data;
  timestamp stored_at;
  std::string_view attributes;
};

/// {"id","position","topic","type","time"} and the event's data: as "data" if it is JSON, byte for byte as it was
/// published, else as "text". The attributes of a CloudEvent come as "attributes".
std::string event_document(const event_fields& event);

/// Whose id a CloudEvent bears: its author's, if it came as one, or the relay's, which is what a feed is followed by.
enum class cloud_event_id { of_author, of_relay };

/// The same event in the JSON format of CloudEvents 1.0. What did not come as a CloudEvent gets the relay's id, its topic
/// as the source ("/reservations"), and "message" for a missing type, as clients of the event stream have it.
std::string cloud_event_document(const event_fields& event, cloud_event_id whose);

}  // namespace event_relay
