#pragma once

#include "event_relay/http/asio_types.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/http/session.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace event_relay::http {

/// Listens, and serves every connection on one of a few I/O threads. Constructed and stopped by one thread; the sockets
/// of streams live in its I/O threads until the last, so it must outlive the relay's handlers.
class http_server {
 public:
  /// Binds at once. Throws std::runtime_error that names the options when the address cannot be listened on.
  explicit http_server(const services& uses);
  ~http_server();

  /// The port listened on, also when the kernel chose it.
  std::uint16_t port() const noexcept { return port_; }

  /// Starts to accept.
  void start();

  /// Calls back from an I/O thread once each of them has had its turn; never while one of them hangs.
  void visit_all_threads(std::function<void()> done);

  /// Closes the listening socket: connection attempts are refused, which an EventSource retries, unlike a 503.
  void stop_listening();

  /// Lets requests under way finish and closes idle connections; what is left at the deadline is cut off.
  void finish_requests(std::chrono::milliseconds deadline);

  /// Ends the I/O threads. No socket may be in use by a handler any more.
  void stop();

 private:
  struct worker {
    explicit worker(counters& counted) : sessions(counted) {}

    session_list sessions;  // before the io_context: that destroys the sessions that are left, which leave this list
    asio::io_context io{1};
    steady_timer timer{io};
    asio::executor_work_guard<executor> work{io.get_executor()};
    std::thread thread;
  };

  static std::vector<std::unique_ptr<worker>> make_workers(const services& uses);
  awaitable<void> accept();
  static awaitable<void> look_after_deadlines(worker& owner, std::chrono::milliseconds tick);
  static awaitable<void> serve(std::unique_ptr<session> accepted, bool admitted);

  const services uses_;
  std::vector<std::unique_ptr<worker>> workers_;
  tcp_acceptor acceptor_;
  std::uint16_t port_ = 0;
};

}  // namespace event_relay::http
