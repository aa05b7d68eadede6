#include "event_relay/http/http_server.hpp"

#include "event_relay/core/log.hpp"
#include "event_relay/http/tcp_client_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <future>
#include <stdexcept>
#include <string>

namespace event_relay::http {
namespace {

constexpr auto no_throw = asio::as_tuple(use_awaitable);

// After an accept that failed for want of descriptors or memory: trying again at once would only burn the processor.
constexpr std::chrono::milliseconds accept_pause{100};

std::chrono::milliseconds deadline_tick(const http_config& options) {
  const auto shortest = std::min({options.header_timeout, options.body_timeout, options.idle_timeout});
  return std::clamp(shortest / 8, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

}  // namespace

http_server::http_server(const services& uses)
    : uses_(uses), workers_(make_workers(uses)), acceptor_(workers_.front()->io) {
  const auto& options = uses_.configuration.http;
  try {
    const tcp::endpoint here(asio::ip::make_address(options.address), options.port);
    acceptor_.open(here.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(here);
    prepare_listener(acceptor_, uses_.configuration.stream.stall_timeout);
    acceptor_.listen(SOMAXCONN);
    port_ = acceptor_.local_endpoint().port();
  } catch (const boost::system::system_error& why) {
    throw std::runtime_error("cannot listen on http.address=" + options.address +
                             " http.port=" + std::to_string(options.port) + ": " + why.code().message());
  }
}

http_server::~http_server() { stop(); }

std::vector<std::unique_ptr<http_server::worker>> http_server::make_workers(const services& uses) {
  std::vector<std::unique_ptr<worker>> workers;
  for (unsigned i = 0; i < uses.configuration.http.threads; ++i)
    workers.push_back(std::make_unique<worker>(uses.counted));
  return workers;
}

void http_server::start() {
  const auto tick = deadline_tick(uses_.configuration.http);
  for (auto& one : workers_) {
    asio::co_spawn(one->io, look_after_deadlines(*one, tick), asio::detached);
    one->thread = std::thread([&io = one->io] { io.run(); });
  }
  asio::co_spawn(workers_.front()->io, accept(), asio::detached);
}

awaitable<void> http_server::accept() {
  for (std::size_t turn = 0; acceptor_.is_open(); ++turn) {
    auto& owner = *workers_[turn % workers_.size()];
    tcp::endpoint client;
    auto [error, socket] = co_await acceptor_.async_accept(owner.io, client, no_throw);
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) break;
    if (error) {
      log::warn("accept failed", {{"why", error.message()}});
      steady_timer pause(acceptor_.get_executor(), accept_pause);
      co_await pause.async_wait(no_throw);
      continue;
    }
    add(uses_.counted.connections_opened);
    const auto open = uses_.counted.connections_open + uses_.counted.streams_open;
    const bool admitted = open < static_cast<std::int64_t>(uses_.configuration.http.max_connections);
    asio::dispatch(owner.io, [this, &owner, client, admitted, socket = std::move(socket)]() mutable {
      auto accepted = std::make_unique<session>(std::move(socket), client, owner.sessions, uses_);
      asio::co_spawn(owner.io, serve(std::move(accepted), admitted), asio::detached);
    });
  }
}

awaitable<void> http_server::serve(std::unique_ptr<session> accepted, bool admitted) {
  if (admitted)
    co_await accepted->run();
  else
    co_await accepted->turn_away();
}

awaitable<void> http_server::look_after_deadlines(worker& owner, std::chrono::milliseconds tick) {
  for (;;) {
    owner.timer.expires_after(tick);
    co_await owner.timer.async_wait(no_throw);
    owner.sessions.expire(session::clock::now());
  }
}

void http_server::visit_all_threads(std::function<void()> done) {
  for (auto& one : workers_)
    done = [&io = one->io, next = std::move(done)] { asio::post(io, next); };
  done();
}

void http_server::stop_listening() {
  std::promise<void> closed;
  asio::post(workers_.front()->io, [&] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    closed.set_value();
  });
  closed.get_future().wait();
}

void http_server::finish_requests(std::chrono::milliseconds deadline) {
  for (auto& one : workers_) asio::post(one->io, [&sessions = one->sessions] { sessions.wind_down(); });
  const auto give_up = session::clock::now() + deadline;
  while (uses_.counted.connections_open > 0 && session::clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  for (auto& one : workers_) asio::post(one->io, [&sessions = one->sessions] { sessions.cut_all(); });
}

void http_server::stop() {
  for (auto& one : workers_) {
    one->work.reset();
    one->io.stop();
  }
  for (auto& one : workers_)
    if (one->thread.joinable()) one->thread.join();
}

}  // namespace event_relay::http
