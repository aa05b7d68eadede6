#include "event_relay/relay/event_encoder.hpp"

#include "event_relay/sse/frame.hpp"

namespace event_relay {
namespace {

/// Data may have line breaks between its tokens, where a space is as good. Those of texts are escaped in JSON.
std::string on_one_line(std::string document) {
  for (char& c : document)
    if (c == '\n' || c == '\r') c = ' ';
  return document;
}

}  // namespace

std::string_view event_encoder::opening() const noexcept {
  if (as_ == envelope::page) return R"({"events":[)";
  return as_ == envelope::feed ? "[" : "";
}

std::string event_encoder::document(const event_fields& event) const {
  if (!cloud_events_) return event_document(event);
  // A feed is followed by the ids in it, so they must be the relay's.
  return cloud_event_document(event, as_ == envelope::feed ? cloud_event_id::of_relay : cloud_event_id::of_author);
}

void event_encoder::add(std::string& out, const log_segment& events, std::size_t index, bool is_first) const {
  if (takes_frames()) {
    out += events.frame(index);
    return;
  }
  const auto& marks = events.at(index);
  std::string room;
  const auto topic = topics_->name_of(marks.topic);
  add_document(out,
               {events.id(index), topic, events.type(index), events.data(index, room), marks.stored_at,
                events.attributes(index)},
               is_first);
}

void event_encoder::add_document(std::string& out, const event_fields& event, bool is_first) const {
  switch (as_) {
    case envelope::event_stream:
      return sse::append_frame(out, event.type, document(event), *parse_event_id(event.id));
    case envelope::lines: out.append(on_one_line(document(event))).push_back('\n'); return;
    case envelope::page:
    case envelope::feed: out.append(is_first ? "\n" : ",\n").append(document(event)); return;
  }
}

std::string event_encoder::control(std::string_view type, std::string_view body, event_id place, bool is_first) const {
  std::string out;
  if (as_ == envelope::event_stream) {
    sse::append_frame(out, type, body, place);  // for a program that reads the stream, not for who reads the events
  } else {
    const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    add_document(out, {to_string(place), {}, type, body, now, {}}, is_first);
  }
  return out;
}

std::string event_encoder::cursor(event_id place) const {
  if (as_ == envelope::event_stream) return "id: " + to_string(place) + "\n\n";
  return as_ == envelope::lines ? control("relay.cursor", "{}", place, false) : "";
}

std::string_view event_encoder::heartbeat() const noexcept {
  switch (as_) {
    case envelope::event_stream: return sse::heartbeat;
    case envelope::lines: return "\n";
    case envelope::page:
    case envelope::feed: break;
  }
  return " ";  // between the elements of an array, or before its first one
}

std::string event_encoder::closing(event_id next) const {
  if (as_ == envelope::page)
    return "\n],\"next\":" + (next.epoch == 0 ? "null" : "\"" + to_string(next) + "\"") + "}\n";  // 0: the journal was away
  return as_ == envelope::feed ? "\n]\n" : "";
}

}  // namespace event_relay
