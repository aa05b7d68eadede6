#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace event_relay {

/// JSON without taking it apart: values keep the bytes that their author wrote, since parsing and writing again would
/// change numbers. All functions expect a text that is_json() has found good.

/// The members of an object: names decoded, values as they stand. Nothing if it is no object.
std::optional<std::vector<std::pair<std::string, std::string_view>>> json_members(std::string_view object);

/// The elements of an array as they stand. Nothing if it is no array.
std::optional<std::vector<std::string_view>> json_elements(std::string_view array);

/// What a JSON string says; nothing if the value is none.
std::optional<std::string> json_string(std::string_view value);

/// A JSON string that says this. Bytes that are not UTF-8 become U+FFFD.
std::string to_json_string(std::string_view text);

}  // namespace event_relay
