#pragma once

#include "event_relay/core/error.hpp"
#include "event_relay/http/problem.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/verb.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace event_relay::http {

using request_header = boost::beast::http::request_header<>;

/// The first lines of a request, taken apart and decoded once. Refers to the header it was made from.
class request {
 public:
  /// Checks what every request must keep (RFC 9112 3.2): a known form of target, one Host in HTTP/1.1.
  static std::variant<request, problem> read(const request_header& header);

  boost::beast::http::verb method() const noexcept { return header_->method(); }
  /// HTTP/1.0: no chunks, and the connection's end is the body's end. nginx speaks it upstream unless told otherwise.
  bool is_http_1_0() const noexcept { return header_->version() == 10; }

  /// Decoded path segments; "/" has none.
  std::span<const std::string> path() const noexcept { return path_; }

  /// Values of a header that may be there several times, in order.
  std::vector<std::string> header_values(std::string_view name) const;
  /// The first value; empty when there is none.
  std::string_view header(std::string_view name) const;
  bool has_header(std::string_view name) const { return header_->find(name) != header_->end(); }

  /// Names and values of all whose names begin so, in any case.
  std::vector<std::pair<std::string, std::string>> headers_that_begin(std::string_view prefix) const;

  /// Decoded values of a query parameter, in order.
  std::vector<std::string> parameter_values(std::string_view name) const;
  /// The same, where each may be a comma list itself; empty items are left out.
  std::vector<std::string> parameter_list(std::string_view name) const;

 private:
  explicit request(const request_header& header) : header_(&header) {}

  const request_header* header_;
  std::vector<std::string> path_;
  std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace event_relay::http
