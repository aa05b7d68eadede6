#pragma once

#include "event_relay/core/event_document.hpp"
#include "event_relay/core/event_id.hpp"
#include "event_relay/relay/journal_status.hpp"
#include "event_relay/relay/log_segment.hpp"
#include "event_relay/relay/stream_request.hpp"

#include <string>
#include <string_view>

namespace event_relay {

/// The bytes that a form of reading has for an event, for the relay's own words, for silence, and for beginning and end.
/// Knows nothing of HTTP's framing. Cheap to copy; the status must outlive it.
class event_encoder {
 public:
  event_encoder(const stream_form& form, const journal_status& topics)
      : topics_(&topics), as_(form.as), cloud_events_(form.cloud_events) {}

  bool is_event_stream() const noexcept { return as_ == envelope::event_stream; }
  /// Events look just as the log segments have them.
  bool takes_frames() const noexcept { return as_ == envelope::event_stream && !cloud_events_; }

  std::string_view opening() const noexcept;

  /// Appends an event of a segment; `is_first` of what this reader gets.
  void add(std::string& out, const log_segment& events, std::size_t index, bool is_first) const;

  /// A word of the relay itself, of a type "relay.*"; `body` is JSON. The id is the reader's place.
  std::string control(std::string_view type, std::string_view body, event_id place, bool is_first) const;

  /// The place alone, as far as this form can say it without an event.
  std::string cursor(event_id place) const;

  /// What keeps proxies from closing a silent connection, and means nothing.
  std::string_view heartbeat() const noexcept;

  /// Completes what was begun; `next` is the id to go on after.
  std::string closing(event_id next) const;

 private:
  std::string document(const event_fields& event) const;
  void add_document(std::string& out, const event_fields& event, bool is_first) const;

  const journal_status* topics_;
  envelope as_;
  bool cloud_events_;
};

}  // namespace event_relay
