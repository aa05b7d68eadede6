#pragma once

#include "event_relay/core/error.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace event_relay::http {

using response = boost::beast::http::response<boost::beast::http::string_body>;

/// Why a request is refused, as a client is told (RFC 9457).
struct problem {
  problem(errc reason) : code(reason) {}
  problem(errc reason, std::string_view wrong_field) : code(reason), field(wrong_field) {}
  problem(errc reason, std::string_view wrong_field, std::uint64_t most)
      : code(reason), field(wrong_field), limit(most) {}

  errc code;
  std::string field;                   ///< parameter, header or part of the request that is wrong; empty: none
  std::optional<std::uint64_t> line;   ///< of the body, from 1
  std::optional<std::uint64_t> index;  ///< in the body's array, from 0
  std::optional<std::uint64_t> limit;  ///< the most that would have been accepted
  std::string allow;                   ///< methods, for 405
};

/// The one table that gives each reason its status.
boost::beast::http::status status_of(errc code) noexcept;

/// A complete answer but for what depends on the connection. 5xx for a bug carries no detail: the log has it.
/// `request_id`: of the request that is refused; empty: not known.
response to_response(const problem& problem, std::string_view request_id = {});

}  // namespace event_relay::http
