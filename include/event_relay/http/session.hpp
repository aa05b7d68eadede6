#pragma once

#include "event_relay/http/access_log.hpp"
#include "event_relay/http/asio_types.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/http/request_reader.hpp"

#include <chrono>
#include <list>
#include <memory>
#include <string>

namespace event_relay::http {

class session_list;

/// One client connection, until it is closed or becomes a stream. Lives in the I/O thread of its socket.
class session {
 public:
  using clock = std::chrono::steady_clock;

  session(tcp_socket socket, tcp::endpoint client, session_list& all, const services& uses);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Serves requests until the connection ends. Never throws.
  awaitable<void> run();
  /// Says that there are too many connections, and closes.
  awaitable<void> turn_away();

  /// Called by the list: a deadline has passed; shutdown wants idle connections gone; shutdown wants all gone.
  void expire(clock::time_point now);
  void close_if_idle();
  void cut() noexcept;

 private:
  enum class next { request, close, nothing };

  awaitable<next> serve_one();
  awaitable<next> serve(const request& asked, bool keep_alive);
  awaitable<std::optional<problem>> read_body(const endpoint& endpoint, const request& asked, exchange& exchange);
  awaitable<next> refuse(const problem& problem, const request* asked = nullptr);
  awaitable<next> tell(const problem& problem, bool keep_alive, const request* asked);
  awaitable<next> send(response answer, bool keep_alive, const request* asked, std::string_view problem = {});
  awaitable<void> linger();
  void hand_over(takeover handed);
  answered_request so_far() const;
  void set_deadline(std::chrono::milliseconds from_now) { deadline_ = clock::now() + from_now; }

  tcp_socket socket_;
  const tcp::endpoint client_;
  session_list& all_;
  const services& uses_;
  std::list<session*>::iterator place_;
  request_reader reader_;
  clock::time_point deadline_ = clock::time_point::max();
  clock::time_point begun_at_;  // the request
  std::string request_id_;      // empty: nothing is known of the request yet
  bool idle_ = true;  // between two requests
};

/// The sessions of one I/O thread: one coarse timer looks after all their deadlines.
class session_list {
 public:
  explicit session_list(counters& counted) : counted_(counted) {}

  std::list<session*>::iterator add(session& session);
  void remove(std::list<session*>::iterator place);

  void expire(session::clock::time_point now);
  /// From now on connections are closed when they have been answered, idle ones at once.
  void wind_down();
  void cut_all() noexcept;

  bool winding_down() const noexcept { return winding_down_; }

 private:
  counters& counted_;
  std::list<session*> sessions_;
  bool winding_down_ = false;
};

}  // namespace event_relay::http
