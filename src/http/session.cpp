#include "event_relay/http/session.hpp"

#include "event_relay/core/log.hpp"
#include "event_relay/http/cors.hpp"
#include "event_relay/http/request_id.hpp"
#include "event_relay/http/response_text.hpp"
#include "event_relay/http/tcp_client_stream.hpp"
#include "http/publishing.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>

#include <exception>
#include <utility>

namespace event_relay::http {
namespace {

namespace beast = boost::beast::http;
using boost::system::error_code;

constexpr auto no_throw = asio::as_tuple(use_awaitable);

// How long, and how much, an unread body is listened to after a refusal, lest a reset destroy the answer on its way.
constexpr std::chrono::milliseconds linger_time{2'000};
constexpr std::size_t linger_bytes = 4 * 1024 * 1024;

std::optional<problem> check_sender(const endpoint& endpoint, const request& asked, const config& configuration) {
  if (asked.method() == beast::verb::options) return std::nullopt;  // which browsers send without credentials
  if (auto wrong = check_origin(asked, configuration.http)) return wrong;
  return check_access(endpoint.needs, asked, configuration.access);
}

}  // namespace

session::session(tcp_socket socket, tcp::endpoint client, session_list& all, const services& uses)
    : socket_(std::move(socket)),
      client_(std::move(client)),
      all_(all),
      uses_(uses),
      place_(all.add(*this)),
      reader_(uses.configuration.http) {}

session::~session() { all_.remove(place_); }

awaitable<void> session::run() {
  try {
    auto then = next::request;
    while (then == next::request) then = co_await serve_one();
    if (then == next::close) co_await linger();
  } catch (const std::exception& why) {
    // One connection's failure is not another's.
    log::error("a session failed", {{"why", why.what()}, {"request_id", request_id_}});
  }
}

awaitable<void> session::turn_away() {
  reader_.begin();
  begun_at_ = clock::now();
  co_await refuse(errc::too_many_connections);
  co_await linger();
}

awaitable<session::next> session::serve_one() {
  const auto& limits = uses_.configuration.http;
  reader_.begin();
  idle_ = true;
  request_id_.clear();
  begun_at_ = clock::now();
  deadline_ = begun_at_ + limits.idle_timeout;
  for (;;) {
    const auto complete = reader_.read_header();
    if (const auto* wrong = std::get_if<problem>(&complete)) co_return co_await refuse(*wrong);
    if (std::get<bool>(complete)) break;
    if (idle_ && reader_.has_input()) {
      idle_ = false;
      begun_at_ = clock::now();
      deadline_ = begun_at_ + limits.header_timeout;
    }
    if (idle_ && all_.winding_down()) co_return next::nothing;
    const auto [error, bytes] = co_await socket_.async_read_some(reader_.prepare(), no_throw);
    if (error) {
      const bool too_slow = !idle_ && clock::now() >= deadline_;
      if (too_slow) co_return co_await refuse(errc::header_timeout);
      co_return next::nothing;
    }
    reader_.received(bytes);
  }
  if (idle_) begun_at_ = clock::now();
  idle_ = false;
  request_id_ = request_id_of(reader_.header());
  const auto asked = request::read(reader_.header());
  if (const auto* wrong = std::get_if<problem>(&asked)) co_return co_await refuse(*wrong);
  co_return co_await serve(std::get<request>(asked), reader_.keep_alive());
}

awaitable<session::next> session::serve(const request& asked, bool keep_alive) {
  const auto found = route(asked.path(), uses_.configuration);
  if (const auto* wrong = std::get_if<problem>(&found)) co_return co_await refuse(*wrong, &asked);
  const auto& endpoint = *std::get<const http::endpoint*>(found);
  exchange exchange{asked, uses_, client_, socket_.get_executor(), {}};
  if (const auto wrong = check_sender(endpoint, asked, uses_.configuration)) co_return co_await refuse(*wrong, &asked);
  if (auto wrong = co_await read_body(endpoint, asked, exchange)) co_return co_await refuse(*wrong, &asked);
  if (asked.method() == beast::verb::options)
    co_return co_await send(options_response(endpoint.allow, asked, uses_.configuration.http), keep_alive, &asked);
  deadline_ = clock::time_point::max();  // the journal takes the time it takes
  const auto complete_at = clock::now();
  auto answered = co_await endpoint.handle(exchange);
  if (endpoint.handle == publish && std::holds_alternative<response>(answered))
    uses_.counted.publish_latency.observe(clock::now() - complete_at);
  if (auto* handed = std::get_if<takeover>(&answered)) {
    allow_origin(handed->head, asked, uses_.configuration.http);
    handed->head.set(request_id_header, request_id_);
    hand_over(std::move(*handed));
    co_return next::nothing;
  }
  if (const auto* wrong = std::get_if<problem>(&answered)) co_return co_await tell(*wrong, keep_alive, &asked);
  co_return co_await send(std::move(std::get<response>(answered)), keep_alive, &asked);
}

/// Checks the request against its endpoint, then reads the body. A refusal leaves the body unread, so the connection is
/// of no further use: the body must never be taken for the next request.
awaitable<std::optional<problem>> session::read_body(const endpoint& endpoint, const request& asked,
                                                     exchange& exchange) {
  const auto method = asked.method();
  const bool listed = endpoint.takes_body ? method == beast::verb::post
                                          : method == beast::verb::get || method == beast::verb::head ||
                                                (endpoint.deletes && method == beast::verb::delete_);
  if (!listed && method != beast::verb::options) {
    problem wrong(errc::method_not_allowed);
    wrong.allow = endpoint.allow;
    co_return wrong;
  }
  if (method != beast::verb::post) {
    if (reader_.announces_body()) co_return problem(errc::body_not_allowed, "body");
    co_return std::nullopt;
  }
  if (auto wrong = endpoint.check(exchange)) co_return wrong;
  set_deadline(uses_.configuration.http.body_timeout);
  if (reader_.expects_continue()) {
    static constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
    co_await asio::async_write(socket_, asio::buffer(go_ahead), no_throw);
  }
  const auto too_large = endpoint.too_large(exchange);
  for (;;) {
    const auto complete = reader_.read_body(*too_large.limit);
    if (const auto* wrong = std::get_if<problem>(&complete))
      co_return wrong->code == errc::data_too_large ? too_large : *wrong;
    if (std::get<bool>(complete)) break;
    const auto [error, bytes] = co_await socket_.async_read_some(reader_.prepare(), no_throw);
    if (error) co_return problem(clock::now() >= deadline_ ? errc::body_timeout : errc::malformed_request, "body");
    reader_.received(bytes);
  }
  exchange.body = reader_.take_body();
  co_return std::nullopt;
}

awaitable<session::next> session::refuse(const problem& problem, const request* asked) {
  co_await tell(problem, false, asked);
  co_return next::close;
}

awaitable<session::next> session::tell(const problem& problem, bool keep_alive, const request* asked) {
  uses_.counted.count(problem.code);
  if (request_id_.empty()) request_id_ = make_request_id();
  co_return co_await send(to_response(problem, request_id_), keep_alive, asked, name_of(problem.code));
}

awaitable<session::next> session::send(response answer, bool keep_alive, const request* asked,
                                       std::string_view problem) {
  const bool head_only = asked && asked->method() == beast::verb::head;
  if (asked) allow_origin(answer, *asked, uses_.configuration.http);
  keep_alive = keep_alive && !all_.winding_down();
  answer.version(asked && asked->is_http_1_0() ? 10 : 11);
  answer.set(request_id_header, request_id_);
  const auto text = response_text(answer, keep_alive, head_only);
  set_deadline(uses_.configuration.http.body_timeout);
  const auto [error, bytes] = co_await asio::async_write(socket_, asio::buffer(text), no_throw);
  if (is_logged(uses_.configuration.log.access, !problem.empty())) {
    auto answered = so_far();
    answered.status = answer.result_int();
    answered.bytes = bytes;
    answered.problem = problem;
    const auto trace = asked ? trace_of(*asked) : std::nullopt;
    if (trace) answered.trace_id = trace->trace_id();
    log_answer(answered);
  }
  if (error) co_return next::nothing;
  co_return keep_alive ? next::request : next::close;
}

answered_request session::so_far() const {
  const auto& head = reader_.header();
  return {.method = {head.method_string().data(), head.method_string().size()},
          .target = {head.target().data(), head.target().size()},
          .request_id = request_id_,
          .client = client_,
          .took = clock::now() - begun_at_};
}

/// Closes our side and waits for the client's: closing with unread input would send a reset, which overtakes the answer.
awaitable<void> session::linger() {
  set_deadline(linger_time);
  error_code ignored;
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
  std::size_t discarded = 0;
  while (discarded < linger_bytes && clock::now() < deadline_) {
    reader_.discard_input();
    const auto [error, bytes] = co_await socket_.async_read_some(reader_.prepare(), no_throw);
    if (error) break;
    discarded += bytes;
  }
}

/// The head goes out from here: whoever connects need not wait until the relay's threads have time for one more.
void session::hand_over(takeover handed) {
  auto& stream = handed.request;
  if (is_logged(uses_.configuration.log.access, false)) stream.witness = log_stream_end(so_far());
  stream.unsent.insert(0, head_text(handed.head));
  stream.stream = std::make_unique<tcp_client_stream>(std::move(socket_));
  const iovec head{stream.unsent.data(), stream.unsent.size()};
  if (const auto written = stream.stream->try_write({&head, 1})) {
    stream.unsent.erase(0, *written);
    stream.sent_bytes = *written;
    add(uses_.counted.bytes_written, *written);
  }
  uses_.relay.subscribe(std::move(stream));
}

void session::expire(clock::time_point now) {
  if (now >= deadline_) socket_.cancel();
}

void session::close_if_idle() {
  if (idle_) socket_.cancel();
}

void session::cut() noexcept {
  error_code ignored;
  socket_.close(ignored);
}

}  // namespace event_relay::http
