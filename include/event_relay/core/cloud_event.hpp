#pragma once

#include "event_relay/core/event.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace event_relay {

/// In which member of the JSON format the data of a CloudEvent stands (CloudEvents JSON format 3.1).
enum class data_form { json, text, base64 };

/// A member of the stored attributes that is no attribute: the data came as data_base64 and is kept so.
inline constexpr std::string_view base64_mark = "data_base64";

/// By the attributes that are stored with an event.
data_form data_form_of(std::string_view attributes);

/// What is wrong with a CloudEvent: which attribute. The reason is one of errc's; bad_cloud_event unless the type or the
/// data breaks a rule that all events have.
struct cloud_event_error {
  errc reason = errc::bad_cloud_event;
  std::string attribute;
};

/// What a CloudEvent becomes: type and data of the event, everything else its attributes; source and id its idempotency
/// key, since together they name an event for ever (CloudEvents 1.0, "id"). The topic is left to the caller.
using read_cloud_event = std::variant<new_event, cloud_event_error>;

/// From the JSON format, one whole event. `text` need not be good JSON.
read_cloud_event read_structured_cloud_event(std::string_view text);

/// From headers and body of the binary mode: names without "ce-" in lower case, values as they were sent (HTTP binding
/// 3.1.3.2 escapes them). The data was checked to be what the content type says; an empty one is left out.
read_cloud_event read_binary_cloud_event(const std::vector<std::pair<std::string, std::string>>& headers,
                                         std::string_view content_type, std::string data);

}  // namespace event_relay
