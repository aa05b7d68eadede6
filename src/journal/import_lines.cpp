#include "journal/import_lines.hpp"

#include "event_relay/core/event.hpp"
#include "event_relay/core/log_line.hpp"
#include "event_relay/journal/verification.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <stdexcept>

namespace event_relay {
namespace {

using nlohmann::json;

constexpr int known_format = 1;

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error(what);
}

json parse_object(std::string_view line) {
  auto value = json::parse(line, nullptr, false);
  if (!value.is_object()) refuse("is not a JSON object");
  return value;
}

/// A field that this program does not know may hold what must not be left out.
void require_known_fields(const json& object, std::span<const std::string_view> known) {
  for (const auto& [name, value] : object.items())
    if (std::ranges::find(known, name) == known.end()) refuse("has a field that is not known: " + log::quoted(name));
}

const json& field(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) refuse(std::string{"has no \""} + name + '"');
  return *found;
}

std::string text(const json& object, const char* name) {
  const auto& value = field(object, name);
  if (!value.is_string()) refuse(std::string{"\""} + name + "\" must be a text");
  return value.get<std::string>();
}

template <class Number>
Number number(const json& object, const char* name, Number most) {
  const auto& value = field(object, name);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > static_cast<std::uint64_t>(most))
    refuse(std::string{"\""} + name + "\" must be a number up to " + std::to_string(most));
  return value.get<Number>();
}

constexpr position_t last_position = std::numeric_limits<std::int64_t>::max() - 1;
constexpr epoch_t last_epoch = std::numeric_limits<std::int32_t>::max() - 1;

void check_number(const std::string& digits, const char* name) {
  const auto begin = digits.starts_with('-') ? 1U : 0U;
  if (digits.size() == begin || digits.size() > 20 ||
      digits.find_first_not_of("0123456789", begin) != std::string::npos)
    refuse(std::string{"\""} + name + "\" must be a number in quotes");
}

/// What is no day of any month the database finds out.
void check_time(std::string_view time, const char* name) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd";
  const auto fits = [](char c, char wanted) {
    if (wanted == 'd') return c >= '0' && c <= '9';
    return c == wanted;
  };
  bool good = time.size() > shape.size() && time.ends_with('Z') &&
              std::ranges::equal(time.substr(0, shape.size()), shape, fits);
  if (good && time.size() > shape.size() + 1) {
    const auto fraction = time.substr(shape.size(), time.size() - shape.size() - 1);
    good = fraction.size() > 1 && fraction.size() <= 7 && fraction[0] == '.' &&
           fraction.find_first_not_of("0123456789", 1) == std::string_view::npos;
  }
  if (!good) refuse(std::string{"\""} + name + "\" must be a time as 2024-05-01T12:00:00.123456Z");
}

epoch_start parse_epoch(const json& epoch) {
  constexpr std::array<std::string_view, 6> known{"epoch",    "first_position", "system_identifier",
                                                  "timeline", "reason",         "started_at"};
  if (!epoch.is_object()) refuse("each of \"epochs\" must be an object");
  require_known_fields(epoch, known);
  check_number(text(epoch, "system_identifier"), "system_identifier");
  number<std::int32_t>(epoch, "timeline", std::numeric_limits<std::int32_t>::max());
  text(epoch, "reason");
  check_time(text(epoch, "started_at"), "started_at");
  return {number(epoch, "epoch", last_epoch), number(epoch, "first_position", last_position)};
}

}  // namespace

import_header parse_import_header(std::string_view line) {
  constexpr std::array<std::string_view, 6> known{"event_relay_journal", "after", "until", "floor", "head", "epochs"};
  const auto object = parse_object(line);
  if (!object.contains("event_relay_journal")) refuse("is not the first line of an export by event-relay");
  const auto format = field(object, "event_relay_journal");
  if (format != known_format)
    refuse("is of format " + format.dump() + ", this program knows " + std::to_string(known_format));
  require_known_fields(object, known);
  import_header header;
  header.bounds.floor = number(object, "after", last_position);
  header.bounds.head = number(object, "until", last_position);
  if (header.bounds.head < header.bounds.floor) refuse("\"until\" must not be less than \"after\"");
  const auto& epochs = field(object, "epochs");
  if (!epochs.is_array() || epochs.empty()) refuse("\"epochs\" must be a list that is not empty");
  for (const auto& epoch : epochs) header.bounds.epochs.push_back(parse_epoch(epoch));
  if (const auto faults = faults_of_epochs(header.bounds); !faults.empty()) refuse("\"epochs\": " + faults.front());
  header.epochs = epochs.dump();
  return header;
}

import_event parse_import_event(std::string_view line) {
  constexpr std::array<std::string_view, 6> known{"id", "topic", "type", "time", "data", "attributes"};
  const auto object = parse_object(line);
  require_known_fields(object, known);
  import_event event;
  const auto id = parse_event_id(text(object, "id"));
  if (!id) refuse("\"id\": " + id.error().message());
  event.id = *id;
  event.topic = text(object, "topic");
  if (const auto good = check_topic_name(event.topic); !good) refuse("\"topic\": " + good.error().message());
  if (!field(object, "type").is_null()) {
    event.type = text(object, "type");
    if (const auto good = check_event_type(event.type); !good) refuse("\"type\": " + good.error().message());
  }
  event.time = text(object, "time");
  check_time(event.time, "time");
  event.data = text(object, "data");
  if (const auto good = check_text(event.data); !good) refuse("\"data\": " + good.error().message());
  if (object.contains("attributes")) {
    event.attributes = text(object, "attributes");
    if (!json::parse(event.attributes, nullptr, false).is_object()) refuse("\"attributes\" must be a JSON object, as a text");
  }
  return event;
}

}  // namespace event_relay
