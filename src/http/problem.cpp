#include "event_relay/http/problem.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::http {

using boost::beast::http::field;
using boost::beast::http::status;

status status_of(errc code) noexcept {
  switch (code) {
    case errc::malformed_request:
    case errc::missing_host:
    case errc::body_not_allowed:
    case errc::bad_event_id:
    case errc::bad_topic:
    case errc::bad_consumer_name:
    case errc::malformed_body:
    case errc::bad_event_type:
    case errc::reserved_event_type:
    case errc::bad_idempotency_key:
    case errc::data_is_not_json:
    case errc::no_events:
    case errc::two_tokens:
    case errc::bad_cloud_event:
    case errc::bad_parameter:
    case errc::conflicting_event_ids: return status::bad_request;
    case errc::no_token:
    case errc::unknown_token: return status::unauthorized;
    case errc::foreign_origin:
    case errc::token_not_allowed: return status::forbidden;
    case errc::no_such_path:
    case errc::unknown_topic:
    case errc::unknown_consumer:
    case errc::event_not_found: return status::not_found;
    case errc::method_not_allowed: return status::method_not_allowed;
    case errc::not_acceptable: return status::not_acceptable;
    case errc::header_timeout:
    case errc::body_timeout: return status::request_timeout;
    case errc::event_expired:
    case errc::history_gone: return status::gone;
    case errc::data_too_large:
    case errc::batch_too_large:
    case errc::body_too_large:
    case errc::too_many_events: return status::payload_too_large;
    case errc::target_too_long: return status::uri_too_long;
    case errc::unsupported_media_type: return status::unsupported_media_type;
    case errc::idempotency_key_reused:
    case errc::data_is_not_utf8:
    case errc::data_contains_nul: return status::unprocessable_entity;
    case errc::too_many_streams_from_address: return status::too_many_requests;
    case errc::header_too_large: return status::request_header_fields_too_large;
    case errc::journal_unavailable:
    case errc::journal_full:
    case errc::outcome_unknown:
    case errc::too_many_publishes:
    case errc::too_many_connections:
    case errc::too_many_streams:
    case errc::shutting_down: return status::service_unavailable;
    case errc::unsupported_version: return status::http_version_not_supported;
    case errc::internal: break;
  }
  return status::internal_server_error;
}

namespace {

/// RFC 6750 3: what a client that can ask its user for a token goes by.
std::string_view challenge_for(errc code) noexcept {
  switch (code) {
    case errc::no_token: return R"(Bearer realm="event-relay")";
    case errc::unknown_token: return R"(Bearer realm="event-relay", error="invalid_token")";
    case errc::token_not_allowed: return R"(Bearer realm="event-relay", error="insufficient_scope")";
    case errc::two_tokens: return R"(Bearer realm="event-relay", error="invalid_request")";
    default: return {};
  }
}

}  // namespace

response to_response(const problem& problem, std::string_view request_id) {
  const auto status = status_of(problem.code);
  nlohmann::ordered_json body{{"type", std::string("urn:event-relay:problem:") + name_of(problem.code)},
                              {"title", std::string(boost::beast::http::obsolete_reason(status))},
                              {"status", static_cast<unsigned>(status)},
                              {"detail", make_error_code(problem.code).message()}};
  if (!request_id.empty()) body["instance"] = "urn:event-relay:request:" + std::string(request_id);
  if (!problem.field.empty()) body["field"] = problem.field;
  if (problem.index) body["index"] = *problem.index;
  if (problem.line) body["line"] = *problem.line;
  if (problem.limit) body["limit"] = *problem.limit;

  response answer(status, 11);
  answer.set(field::content_type, "application/problem+json");
  // The same request can succeed in a moment: services retry, EventSource wrappers too.
  if (status == status::service_unavailable || status == status::too_many_requests) answer.set(field::retry_after, "1");
  if (const auto challenge = challenge_for(problem.code); !challenge.empty()) answer.set(field::www_authenticate, challenge);
  if (!problem.allow.empty()) answer.set(field::allow, problem.allow);
  if (problem.code == errc::unsupported_media_type) answer.set("Accept-Post", "application/json, application/*+json, application/x-ndjson, application/cloudevents+json, application/cloudevents-batch+json, text/*");
  answer.body() = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return answer;
}

}  // namespace event_relay::http
