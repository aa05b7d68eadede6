#pragma once

#include "event_relay/http/tcp_client_stream.hpp"
#include "http/http_client.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>

namespace event_relay::test {

/// A stream and its client, connected by a real socket, with an I/O thread of their own.
class tcp_stream_fixture : public testing::Test {
 protected:
  static constexpr std::chrono::seconds patience{10};

  tcp_stream_fixture() {
    http::tcp_acceptor acceptor(io_, {boost::asio::ip::address_v4::loopback(), 0});
    http::prepare_listener(acceptor, std::chrono::seconds(42));
    client.emplace(acceptor.local_endpoint().port(), 4096);
    auto accepted = acceptor.accept();
    descriptor = accepted.native_handle();
    stream = std::make_unique<http::tcp_client_stream>(std::move(accepted));
    thread_ = std::thread([this] { io_.run(); });
  }
  ~tcp_stream_fixture() override {
    stream.reset();
    stop();
  }

  /// Everything that the stream had left to do is done, or never will be.
  void stop() {
    work_.reset();
    client.reset();
    if (thread_.joinable()) thread_.join();
  }

  std::optional<std::size_t> write(std::string_view text) {
    const iovec buffer{const_cast<char*>(text.data()), text.size()};
    return stream->try_write({&buffer, 1});
  }
  /// Until the socket takes nothing. Returns what it took.
  std::string fill() {
    const std::string piece(16 * 1024, 'x');
    std::string written;
    for (auto took = write(piece); took && *took > 0; took = write(piece)) written.append(piece, 0, *took);
    return written;
  }

  std::future<bool> closed_by_client() {
    auto told = std::make_shared<std::promise<bool>>();
    stream->notify_when_closed([told](bool too_much_input) { told->set_value(too_much_input); });
    return told->get_future();
  }
  std::future<void> room() {
    auto told = std::make_shared<std::promise<void>>();
    stream->notify_when_writable([told] { told->set_value(); });
    return told->get_future();
  }
  template <class T>
  static bool comes(std::future<T>& awaited) {
    return awaited.wait_for(patience) == std::future_status::ready;
  }
  template <class Condition>
  static bool comes_true(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

 private:
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<http::executor> work_{io_.get_executor()};
  std::thread thread_;

 protected:
  std::optional<http_client> client;
  std::unique_ptr<client_stream> stream;
  int descriptor = -1;  ///< of the stream's socket, while that lives
};

}  // namespace event_relay::test
