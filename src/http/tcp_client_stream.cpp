#include "event_relay/http/tcp_client_stream.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace event_relay::http {
namespace {

// A stalled consumer otherwise holds 4.3 MB of kernel memory; with this 264 KB, at the same throughput.
constexpr int unsent_bytes_in_kernel = 128 * 1024;

// A subscriber has nothing to say; what clients do send (pipelined requests, stray line ends) is far below this.
constexpr std::size_t most_ignored_input = 64 * 1024;

void set_option(int socket, int level, int name, int value) noexcept {
  ::setsockopt(socket, level, name, &value, sizeof value);  // each is an improvement, none is a condition
}

bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

/// A single buffer, as nearly every live event is, goes without the message header that the kernel would have to copy.
ssize_t write(int descriptor, std::span<const iovec> buffers) {
  constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  if (buffers.size() == 1) return ::send(descriptor, buffers.front().iov_base, buffers.front().iov_len, flags);
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(buffers.data());  // sendmsg() only reads them
  message.msg_iovlen = buffers.size();
  return ::sendmsg(descriptor, &message, flags);
}

}  // namespace

struct tcp_client_stream::connection {
  explicit connection(tcp_socket s) : socket(std::move(s)) {}

  enum class input { quiet, closed, too_much };

  /// Throws away what the client has sent.
  input drain() {
    std::array<char, 4096> waste;
    for (;;) {
      const auto got = ::recv(socket.native_handle(), waste.data(), waste.size(), MSG_DONTWAIT);
      if (got < 0) return would_block(errno) ? input::quiet : input::closed;
      if (got == 0) return input::closed;
      ignored += static_cast<std::size_t>(got);
      if (ignored > most_ignored_input) return input::too_much;
    }
  }

  static void watch(std::shared_ptr<connection> self, std::function<void(bool)> closed) {
    auto& watched = self->socket;
    watched.async_wait(tcp_socket::wait_read, [self = std::move(self), closed = std::move(closed)](auto error) mutable {
      if (error == asio::error::operation_aborted) return;
      const auto input = error ? input::closed : self->drain();
      if (input != input::quiet) return closed(input == input::too_much);
      watch(std::move(self), std::move(closed));
    });
  }

  tcp_socket socket;
  std::size_t ignored = 0;
};

void prepare_listener(tcp_acceptor& listening, std::chrono::milliseconds stall_timeout) {
  const auto descriptor = listening.native_handle();
  set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent_bytes_in_kernel);
  set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(stall_timeout.count()));
  set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
}

tcp_client_stream::tcp_client_stream(tcp_socket socket)
    : connection_(std::make_shared<connection>(std::move(socket))) {}

tcp_client_stream::~tcp_client_stream() {
  if (connection_) close(ending::abrupt);
}

std::optional<std::size_t> tcp_client_stream::try_write(std::span<const iovec> buffers) {
  const auto written = write(connection_->socket.native_handle(), buffers);
  if (written >= 0) return static_cast<std::size_t>(written);
  if (would_block(errno)) return 0;
  return std::nullopt;
}

void tcp_client_stream::notify_when_writable(std::function<void()> ready) {
  asio::post(connection_->socket.get_executor(), [connection = connection_, ready = std::move(ready)]() mutable {
    auto& watched = connection->socket;
    watched.async_wait(tcp_socket::wait_write, [connection = std::move(connection), ready = std::move(ready)](auto error) {
      if (error != asio::error::operation_aborted) ready();
    });
  });
}

void tcp_client_stream::notify_when_closed(std::function<void(bool)> closed) {
  // From this thread, and not passed to the I/O thread, which would have to be woken for it: nothing else is under way on
  // the socket yet, and everything later runs there.
  connection::watch(connection_, std::move(closed));
}

bool tcp_client_stream::peer_is_there() {
  const auto descriptor = connection_->socket.native_handle();
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return false;
  char byte;
  const auto got = ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got > 0 || (got < 0 && would_block(errno));
}

void tcp_client_stream::close(ending how) {
  const auto runs_on = connection_->socket.get_executor();
  asio::post(runs_on, [connection = std::exchange(connection_, nullptr), how] {
    boost::system::error_code ignored;  // closing: there is nothing left to do about an error
    if (how == ending::orderly) {
      connection->socket.shutdown(tcp_socket::shutdown_send, ignored);
    } else {
      // Reset, so that the kernel does not go on sending to a client that takes nothing.
      connection->socket.set_option(asio::socket_base::linger(true, 0), ignored);
    }
    connection->socket.close(ignored);
  });
}

}  // namespace event_relay::http
