#include "event_relay/core/cloud_event.hpp"

#include "event_relay/core/json_text.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/url_view.hpp>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <set>

namespace event_relay {
namespace {

using attribute_list = std::vector<std::pair<std::string, std::string>>;  // values as JSON

cloud_event_error wrong(std::string_view attribute) { return {errc::bad_cloud_event, std::string(attribute)}; }

/// CloudEvents 1.0, "Naming conventions".
bool is_attribute_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && std::ranges::all_of(name, allowed);
}

/// CloudEvents 1.0, "Type system": a number is an integer of 32 bits, and there is no structure.
bool is_attribute_value(std::string_view value) {
  if (value.starts_with('"') || value == "true" || value == "false") return true;
  std::int32_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc() && end == value.data() + value.size();
}

std::optional<std::string> text_of(const attribute_list& attributes, std::string_view name) {
  const auto found = std::ranges::find(attributes, name, &attribute_list::value_type::first);
  return found == attributes.end() ? std::nullopt : json_string(found->second);
}

/// Legible if it can be: somebody will look for it in the database. A URI has no space.
std::string key_of(const std::string& source, const std::string& id) {
  auto key = "ce:" + source + ' ' + id;
  if (check_idempotency_key(key)) return key;
  static const boost::uuids::name_generator_sha1 hash(boost::uuids::ns::url());
  return "ce:" + boost::uuids::to_string(hash(source + '\n' + id));
}

std::string object_of(const attribute_list& attributes) {
  std::string object = "{";
  for (const auto& [name, value] : attributes)
    object.append(object.size() > 1 ? "," : "").append(to_json_string(name)).append(":").append(value);
  return object += '}';
}

/// What both modes have in common: the rules of the attributes, and the event that comes of them.
read_cloud_event to_event(attribute_list attributes, std::string data) {
  new_event event;
  std::set<std::string_view> names;
  for (const auto& [name, value] : attributes)
    if (!is_attribute_name(name) || !is_attribute_value(value) || !names.insert(name).second) return wrong(name);
  if (text_of(attributes, "specversion") != "1.0") return wrong("specversion");
  for (const auto* name : {"id", "source", "type"})
    if (text_of(attributes, name).value_or("").empty()) return wrong(name);
  if (!boost::urls::parse_uri_reference(*text_of(attributes, "source"))) return wrong("source");
  for (const auto* name : {"subject", "dataschema", "datacontenttype", "time"})
    if (names.contains(name) && text_of(attributes, name).value_or("").empty()) return wrong(name);
  if (const auto time = text_of(attributes, "time"); time && !parse_timestamp(*time)) return wrong("time");
  event.type = *text_of(attributes, "type");
  if (const auto good = check_event_type(event.type); !good)
    return cloud_event_error{static_cast<errc>(good.error().value()), "type"};
  event.idempotency_key = key_of(*text_of(attributes, "source"), *text_of(attributes, "id"));
  event.data = std::move(data);
  return event;
}

/// The attributes that are stored, which is all but what is stored elsewhere.
read_cloud_event with_attributes(read_cloud_event read, attribute_list attributes, bool is_base64) {
  if (auto* event = std::get_if<new_event>(&read)) {
    std::erase_if(attributes, [](const auto& one) { return one.first == "specversion" || one.first == "type"; });
    if (is_base64) attributes.emplace_back(base64_mark, "true");
    event->attributes = object_of(attributes);
  }
  return read;
}

bool is_base64(std::string_view text) {
  const auto digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  if (text.size() % 4 != 0) return false;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return std::ranges::all_of(text, digit);
}

bool is_json_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find_first_of("; ")));
  std::ranges::transform(type, type.begin(), [](unsigned char c) { return std::tolower(c); });
  return type.ends_with("/json") || type.ends_with("+json");
}

/// HTTP binding 3.1.3.2: quotes around all of it are taken off, and after them the escapes.
std::optional<std::string> decoded_header_value(std::string_view value) {
  std::string unquoted(value);
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) {
    unquoted.clear();
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
      if (value[i] == '\\' && i + 2 < value.size()) ++i;
      unquoted += value[i];
    }
  }
  const auto encoded = boost::urls::make_pct_string_view(unquoted);
  if (!encoded) return std::nullopt;
  return encoded->decode();
}

}  // namespace

data_form data_form_of(std::string_view attributes) {
  const auto members = json_members(attributes);
  auto form = data_form::json;  // without a content type it is JSON (JSON format 3.1)
  for (const auto& [name, value] : *members) {
    if (name == base64_mark) return data_form::base64;
    if (name == "datacontenttype" && !is_json_type(json_string(value).value_or(""))) form = data_form::text;
  }
  return form;
}

read_cloud_event read_structured_cloud_event(std::string_view text) {
  if (const auto good = check_json(text); !good)
    return cloud_event_error{static_cast<errc>(good.error().value()), "body"};
  const auto members = json_members(text);
  if (!members) return wrong("body");
  attribute_list attributes;
  std::optional<std::string_view> data, encoded;
  for (const auto& [name, value] : *members) {
    auto* place = name == "data" ? &data : name == "data_base64" ? &encoded : nullptr;
    if (place && *place) return wrong(name);
    if (place)
      *place = value;
    else if (value != "null")  // the same as not there (JSON format 2.2)
      attributes.emplace_back(name, value);
  }
  if (data && encoded) return wrong("data_base64");
  std::string content(data.value_or(""));
  if (encoded) {
    const auto bytes = json_string(*encoded);
    if (!bytes || !is_base64(*bytes)) return wrong("data_base64");
    content = *bytes;
  } else if (const auto type = text_of(attributes, "datacontenttype"); data && type && !is_json_type(*type)) {
    // Data of another type is the string's content. Structure in its place has nothing to do with that type.
    const auto said = json_string(*data);
    if (!said) return wrong("data");
    if (const auto good = check_text(*said); !good)
      return cloud_event_error{static_cast<errc>(good.error().value()), "data"};
    content = *said;
  }
  auto read = to_event(attributes, std::move(content));
  return with_attributes(std::move(read), std::move(attributes), encoded.has_value());
}

read_cloud_event read_binary_cloud_event(const std::vector<std::pair<std::string, std::string>>& headers,
                                         std::string_view content_type, std::string data) {
  attribute_list attributes;
  for (const auto& [name, value] : headers) {
    const auto text = decoded_header_value(value);
    if (!text || !check_text(*text)) return wrong(name);
    attributes.emplace_back(name, to_json_string(*text));
  }
  if (std::ranges::find(attributes, "datacontenttype", &attribute_list::value_type::first) != attributes.end())
    return wrong("datacontenttype");  // Content-Type is it (HTTP binding 3.1.1)
  if (!content_type.empty()) attributes.emplace_back("datacontenttype", to_json_string(content_type));
  auto read = to_event(attributes, std::move(data));
  return with_attributes(std::move(read), std::move(attributes), false);
}

}  // namespace event_relay
