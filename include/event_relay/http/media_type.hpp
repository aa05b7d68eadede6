#pragma once

#include <string_view>

namespace event_relay::http {

/// What the data of a published event is declared to be.
enum class data_kind { json, text, lines_of_json, cloud_event, cloud_event_batch, unsupported };

/// By Content-Type; none counts as JSON, which is checked then.
data_kind data_kind_of(std::string_view content_type);

}  // namespace event_relay::http
