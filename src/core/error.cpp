#include "event_relay/core/error.hpp"

#include <array>
#include <string>

namespace event_relay {
namespace {

struct entry {
  const char* name = "unknown";
  const char* text = "unknown error";
};

constexpr auto make_table() {
  std::array<entry, errc_count> table{};
  const auto set = [&table](errc code, const char* name, const char* text) {
    table[static_cast<std::size_t>(code)] = {name, text};
  };
#define EVENT_RELAY_ERROR(code, text) set(errc::code, #code, text)
  EVENT_RELAY_ERROR(malformed_request, "the request is not well-formed HTTP");
  EVENT_RELAY_ERROR(unsupported_version, "only HTTP/1.0 and HTTP/1.1 are spoken here");
  EVENT_RELAY_ERROR(missing_host, "an HTTP/1.1 request must have one Host header");
  EVENT_RELAY_ERROR(header_too_large, "the request line and headers are larger than http.max_header_bytes");
  EVENT_RELAY_ERROR(target_too_long, "the request target is longer than http.max_target_bytes");
  EVENT_RELAY_ERROR(header_timeout, "the headers did not arrive within http.header_timeout");
  EVENT_RELAY_ERROR(body_timeout, "the body did not arrive within http.body_timeout");
  EVENT_RELAY_ERROR(body_not_allowed, "this request must not have a body");
  EVENT_RELAY_ERROR(no_such_path, "there is nothing at this path");
  EVENT_RELAY_ERROR(method_not_allowed, "this path does not support the method");
  EVENT_RELAY_ERROR(not_acceptable, "events come as text/event-stream, application/x-ndjson, application/json or application/cloudevents-batch+json");
  EVENT_RELAY_ERROR(unsupported_media_type, "event data is application/json, another +json type, or text; a batch is application/x-ndjson");
  EVENT_RELAY_ERROR(no_token, "this needs an access token: Authorization: Bearer TOKEN, or access_token in the query of a GET");
  EVENT_RELAY_ERROR(unknown_token, "the access token is none of this relay's");
  EVENT_RELAY_ERROR(token_not_allowed, "the access token is not one that allows this: reading and publishing have their own");
  EVENT_RELAY_ERROR(two_tokens, "more than one access token was given");
  EVENT_RELAY_ERROR(foreign_origin, "pages of this origin may not change anything here; http.cors_origins lists those that may");
  EVENT_RELAY_ERROR(bad_event_id, "the event id is not <epoch>-<position>");
  EVENT_RELAY_ERROR(bad_topic, "a topic is 1 to 128 characters of A-Z a-z 0-9 . _ : -");
  EVENT_RELAY_ERROR(unknown_topic, "this relay has no such topic");
  EVENT_RELAY_ERROR(unknown_consumer, "the journal has no consumer of this name");
  EVENT_RELAY_ERROR(bad_consumer_name, "a consumer's name is 1 to 128 characters of A-Z a-z 0-9 . _ : -");
  EVENT_RELAY_ERROR(bad_event_type,
                    "an event type is 1 to 128 bytes of UTF-8 without control characters or surrounding spaces");
  EVENT_RELAY_ERROR(reserved_event_type, "the event types open, error and relay.* are reserved");
  EVENT_RELAY_ERROR(bad_idempotency_key, "an idempotency key is 1 to 255 printable ASCII characters");
  EVENT_RELAY_ERROR(idempotency_key_reused, "the idempotency key was used for a different event");
  EVENT_RELAY_ERROR(data_is_not_utf8, "the event data is not UTF-8");
  EVENT_RELAY_ERROR(data_contains_nul, "the event data contains a NUL byte");
  EVENT_RELAY_ERROR(data_is_not_json, "the event data is declared as JSON and is not");
  EVENT_RELAY_ERROR(data_too_large, "the event data is larger than publish.max_event_bytes");
  EVENT_RELAY_ERROR(batch_too_large, "the batch is larger than publish.max_request_bytes");
  EVENT_RELAY_ERROR(too_many_events, "the batch has more events than publish.max_request_events");
  EVENT_RELAY_ERROR(no_events, "the batch has no events");
  EVENT_RELAY_ERROR(body_too_large, "the body is larger than this request can have any reason to be");
  EVENT_RELAY_ERROR(malformed_body, "the body is not the JSON object that this request takes");
  EVENT_RELAY_ERROR(bad_cloud_event, "not a CloudEvent of version 1.0: an attribute is missing or breaks its rule");
  EVENT_RELAY_ERROR(bad_parameter, "a query parameter has a value that is not allowed");
  EVENT_RELAY_ERROR(conflicting_event_ids, "two different last event ids were given");
  EVENT_RELAY_ERROR(event_not_found, "no event has this id");
  EVENT_RELAY_ERROR(event_expired, "the event was removed by retention");
  EVENT_RELAY_ERROR(history_gone, "the journal cannot continue after this event id");
  EVENT_RELAY_ERROR(journal_unavailable, "the journal cannot be reached at the moment");
  EVENT_RELAY_ERROR(journal_full, "the journal has no room for more events");
  EVENT_RELAY_ERROR(outcome_unknown, "the journal was lost during the commit; the event may or may not be stored");
  EVENT_RELAY_ERROR(too_many_publishes, "too many events are waiting to be stored");
  EVENT_RELAY_ERROR(too_many_connections, "the relay holds as many connections as it may");
  EVENT_RELAY_ERROR(too_many_streams, "the relay holds as many streams as it may");
  EVENT_RELAY_ERROR(too_many_streams_from_address, "this address holds as many streams as it may");
  EVENT_RELAY_ERROR(shutting_down, "the relay is shutting down");
  EVENT_RELAY_ERROR(internal, "internal error");
#undef EVENT_RELAY_ERROR
  return table;
}

constexpr auto table = make_table();

constexpr const entry& entry_of(int code) noexcept {
  return table[code > 0 && code < errc_count ? static_cast<std::size_t>(code) : 0];
}

class category final : public boost::system::error_category {
 public:
  const char* name() const noexcept override { return "event_relay"; }
  std::string message(int code) const override { return entry_of(code).text; }
};

}  // namespace

const char* name_of(errc code) noexcept { return entry_of(static_cast<int>(code)).name; }

const boost::system::error_category& event_relay_category() noexcept {
  static const category instance;
  return instance;
}

boost::system::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), event_relay_category()};
}

}  // namespace event_relay
