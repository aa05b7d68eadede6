#include "event_relay/core/event_document.hpp"

#include "event_relay/core/cloud_event.hpp"
#include "event_relay/core/json_text.hpp"
#include "event_relay/core/trace_context.hpp"

#include <algorithm>

namespace event_relay {
namespace {

void add_member(std::string& object, std::string_view name, std::string_view value) {
  object.append(object.size() > 1 ? ",\"" : "\"").append(name).append("\":").append(value);
}

void add_text(std::string& object, std::string_view name, std::string_view text) {
  add_member(object, name, to_json_string(text));
}

/// What came as a CloudEvent says itself of what kind its data is; of others only the data can tell.
void add_data(std::string& object, const event_fields& event, data_form form) {
  switch (form) {
    case data_form::base64: return add_text(object, "data_base64", event.data);
    case data_form::text: return add_text(object, "data", event.data);
    case data_form::json:
      if (!event.data.empty()) add_member(object, "data", event.data);
  }
}

}  // namespace

std::string event_document(const event_fields& event) {
  std::string object = "{";
  add_text(object, "id", event.id);
  add_member(object, "position", event.id.substr(event.id.find('-') + 1));
  add_member(object, "topic", event.topic.empty() ? "null" : to_json_string(event.topic));
  add_member(object, "type", event.type.empty() ? "null" : to_json_string(event.type));
  add_text(object, "time", format_timestamp(event.stored_at));
  if (!event.attributes.empty()) add_member(object, "attributes", event.attributes);
  if (is_json(event.data))
    add_member(object, "data", event.data);
  else
    add_text(object, "text", event.data);
  return object += '}';
}

std::string cloud_event_document(const event_fields& event, cloud_event_id whose) {
  std::string object = "{";
  add_text(object, "specversion", "1.0");
  add_text(object, "type", event.type.empty() ? "message" : event.type);
  const auto attributes = json_members(event.attributes.empty() ? "{}" : event.attributes);
  const bool came_as_one = std::ranges::any_of(*attributes, [](const auto& attribute) {
    return !is_trace_attribute(attribute.first);  // those two may come in the headers of any request
  });
  if (!came_as_one || whose == cloud_event_id::of_relay) add_text(object, "id", event.id);
  bool has_time = false;
  auto form = is_json(event.data) ? data_form::json : data_form::text;
  if (came_as_one) {
    // Of a type like text/json the data was not checked to be so.
    if (const auto said = data_form_of(event.attributes); said != data_form::json || event.data.empty()) form = said;
  } else {
    add_text(object, "source", event.topic.empty() ? "/events" : "/" + std::string(event.topic));
    add_text(object, "datacontenttype", form == data_form::json ? "application/json" : "text/plain");
  }
  for (const auto& [name, value] : *attributes) {
    if (name == base64_mark || (name == "id" && whose == cloud_event_id::of_relay)) continue;
    has_time = has_time || name == "time";
    add_member(object, name, value);
  }
  if (!has_time) add_text(object, "time", format_timestamp(event.stored_at));
  add_data(object, event, form);
  return object += '}';
}

}  // namespace event_relay
