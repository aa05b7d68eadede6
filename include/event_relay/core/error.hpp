#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <type_traits>

namespace event_relay {

/// Every failure that is expected in service, and so every reason for which a request is refused and counted.
/// Unexpected ones (a bug, wrong configuration, a lost database connection) are exceptions. The texts are in error.cpp;
/// the HTTP status of each is in http/problem.cpp, and nowhere else.
enum class errc {
  // How a request was written.
  malformed_request = 1,
  unsupported_version,
  missing_host,
  header_too_large,
  target_too_long,
  header_timeout,
  body_timeout,
  body_not_allowed,
  no_such_path,
  method_not_allowed,
  not_acceptable,
  unsupported_media_type,
  // Who sent it.
  no_token,
  unknown_token,
  token_not_allowed,
  two_tokens,
  foreign_origin,
  // What a client sent.
  bad_event_id,
  bad_topic,
  unknown_topic,
  unknown_consumer,
  bad_consumer_name,
  bad_event_type,
  reserved_event_type,
  bad_idempotency_key,
  idempotency_key_reused,
  data_is_not_utf8,
  data_contains_nul,
  data_is_not_json,
  data_too_large,
  batch_too_large,
  too_many_events,
  no_events,
  body_too_large,
  malformed_body,
  bad_cloud_event,
  bad_parameter,
  conflicting_event_ids,
  // What was asked for is not there.
  event_not_found,
  event_expired,
  history_gone,
  // What the relay cannot do now.
  journal_unavailable,
  journal_full,
  outcome_unknown,
  too_many_publishes,
  too_many_connections,
  too_many_streams,
  too_many_streams_from_address,
  shutting_down,
  internal,
};

inline constexpr int errc_count = static_cast<int>(errc::internal) + 1;

/// The enumerator as it is written, e.g. "unknown_topic": the label of counters and the `type` of problems.
const char* name_of(errc code) noexcept;

const boost::system::error_category& event_relay_category() noexcept;

boost::system::error_code make_error_code(errc code) noexcept;

/// A value or the reason why there is none.
template <class T>
using result = boost::system::result<T>;

}  // namespace event_relay

template <>
struct boost::system::is_error_code_enum<event_relay::errc> : std::true_type {};
