#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/http/asio_types.hpp"
#include "event_relay/http/problem.hpp"
#include "event_relay/http/request.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace event_relay::http {

/// Feeds Beast's parser, which is a pure function of bytes, and checks what it lets pass: bare line feeds, folded
/// headers and two ways to tell a body's length are how requests are smuggled past a proxy (RFC 9112 2.2, 5.2, 6.3).
/// No input or output of its own.
class request_reader {
 public:
  explicit request_reader(const http_config& options) : options_(options) {}

  /// Where the next bytes go; then received().
  auto prepare() { return buffer_.prepare(read_bytes); }
  void received(std::size_t bytes) { buffer_.commit(bytes); }

  /// Forgets the last request; what has already arrived behind it is kept.
  void begin();

  /// True: the header is complete. False: more bytes are needed.
  std::variant<bool, problem> read_header();
  const request_header& header() const { return parser_->get(); }

  /// The same for the body, of at most `most` bytes.
  std::variant<bool, problem> read_body(std::size_t most);
  std::string take_body() { return std::move(parser_->get().body()); }

  bool keep_alive() const { return parser_->keep_alive(); }
  bool announces_body() const;
  bool expects_continue() const;
  /// Whether a request has begun to arrive.
  bool has_input() const noexcept { return buffer_.size() > 0; }
  void discard_input() { buffer_.consume(buffer_.size()); }

 private:
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  static constexpr std::size_t read_bytes = 8 * 1024;

  std::string_view input() const;
  void skip_empty_lines();
  void drop_trailer();
  std::optional<problem> check_lines(std::string_view head) const;
  std::variant<bool, problem> parse_header(std::string_view head);

  const http_config& options_;
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  std::ptrdiff_t header_fields_ = 0;
  std::size_t checked_ = 0;  // bytes of the header whose lines are known to be good
};

}  // namespace event_relay::http
