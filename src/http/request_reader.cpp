#include "event_relay/http/request_reader.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <iterator>

namespace event_relay::http {
namespace {

namespace beast = boost::beast::http;

constexpr std::string_view end_of_head = "\r\n\r\n";

// What is left of a chunked body is never shorter. Beast (1.81) asserts that it sees as much of the last chunk at once.
constexpr std::size_t least_chunked_bytes = std::string_view("0\r\n\r\n").size();

problem to_problem(boost::system::error_code error) {
  if (error == beast::error::bad_version) return errc::unsupported_version;
  if (error == beast::error::bad_content_length || error == beast::error::multiple_content_length)
    return {errc::malformed_request, "Content-Length"};
  if (error == beast::error::bad_transfer_encoding) return {errc::malformed_request, "Transfer-Encoding"};
  return errc::malformed_request;
}

}  // namespace

void request_reader::begin() {
  parser_.emplace();
  parser_->eager(true);
  parser_->body_limit(boost::none);  // counted in read_body(), which knows the endpoint's limit
  parser_->header_limit(static_cast<std::uint32_t>(options_.max_header_bytes));
  checked_ = 0;
  skip_empty_lines();
}

std::string_view request_reader::input() const {
  const auto data = buffer_.data();
  return {static_cast<const char*>(data.data()), data.size()};
}

/// A client may send a line end too many after a body (RFC 9112 2.2).
void request_reader::skip_empty_lines() {
  while (input().starts_with("\r\n")) buffer_.consume(2);
}

std::variant<bool, problem> request_reader::read_header() {
  if (checked_ == 0) skip_empty_lines();
  if (input() == "\r") return false;  // the first half of one
  const auto bytes = input();
  const auto end = bytes.find(end_of_head, checked_ < 3 ? 0 : checked_ - 3);
  const auto head = bytes.substr(0, end == std::string_view::npos ? end : end + end_of_head.size());
  if (auto wrong = check_lines(head)) return *wrong;
  const auto first_line = std::min(bytes.find("\r\n"), bytes.size());
  // The request line is method, target and version: whatever is longer than this has too long a target.
  if (first_line > options_.max_target_bytes + 32)
    return problem(errc::target_too_long, "request target", options_.max_target_bytes);
  if (head.size() > options_.max_header_bytes)
    return problem(errc::header_too_large, "header", options_.max_header_bytes);
  if (end == std::string_view::npos) {
    checked_ = head.size();
    return false;
  }
  return parse_header(head);
}

std::optional<problem> request_reader::check_lines(std::string_view head) const {
  for (auto at = head.find('\n', checked_ == 0 ? 0 : checked_ - 1); at != std::string_view::npos;
       at = head.find('\n', at + 1)) {
    const bool bare = at == 0 || head[at - 1] != '\r';
    const bool folded = at + 1 < head.size() && (head[at + 1] == ' ' || head[at + 1] == '\t');
    if (bare || folded) return problem(errc::malformed_request, "header");
  }
  return std::nullopt;
}

std::variant<bool, problem> request_reader::parse_header(std::string_view head) {
  boost::system::error_code error;
  const auto used = parser_->put(boost::asio::buffer(head.data(), head.size()), error);
  buffer_.consume(used);
  if (error && error != beast::error::need_more) return to_problem(error);
  const auto& parsed = parser_->get();
  header_fields_ = std::distance(parsed.begin(), parsed.end());
  if (parsed.target().size() > options_.max_target_bytes)
    return problem(errc::target_too_long, "request target", options_.max_target_bytes);
  // Anything but one "chunked" leaves the end of the body to interpretation.
  const auto encoding = parsed.find(beast::field::transfer_encoding);
  const bool encoded = encoding != parsed.end();
  if (encoded && (parsed.version() == 10 || parsed.count(beast::field::transfer_encoding) > 1 ||
                  parsed.count(beast::field::content_length) > 0 ||
                  !boost::beast::iequals(encoding->value(), "chunked")))
    return problem(errc::malformed_request, "Transfer-Encoding");
  return true;
}

std::variant<bool, problem> request_reader::read_body(std::size_t most) {
  const auto least = parser_->chunked() ? least_chunked_bytes : 1;
  while (!parser_->is_done() && buffer_.size() >= least) {
    boost::system::error_code error;
    const auto used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (parser_->get().body().size() > most) return problem(errc::data_too_large, "body", most);
    if (error == beast::error::need_more) break;
    if (error) return to_problem(error);
  }
  // The rest can only be the line of a chunk's size, or a trailer: no sane one is this long.
  if (!parser_->is_done() && buffer_.size() > options_.max_header_bytes)
    return problem(errc::malformed_request, "chunk");
  if (parser_->is_done()) drop_trailer();
  return parser_->is_done();
}

/// Beast adds the fields of a trailer to the header, where one could change what was checked (RFC 9110 6.5.1).
void request_reader::drop_trailer() {
  auto& fields = parser_->get();
  auto end_of_header = std::next(fields.begin(), header_fields_);
  while (end_of_header != fields.end()) end_of_header = fields.erase(end_of_header);
}

bool request_reader::announces_body() const {
  if (parser_->chunked()) return true;
  const auto length = parser_->content_length();
  return length && *length > 0;
}

bool request_reader::expects_continue() const {
  const auto& head = parser_->get();
  return head.version() == 11 && boost::beast::iequals(head[beast::field::expect], "100-continue");
}

}  // namespace event_relay::http
