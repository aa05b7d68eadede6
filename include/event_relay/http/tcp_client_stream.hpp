#pragma once

#include "event_relay/http/asio_types.hpp"
#include "event_relay/relay/client_stream.hpp"

#include <chrono>
#include <memory>

namespace event_relay::http {

/// Sets what accepted sockets inherit from the listening one (Linux), rather than with four system calls for each of them:
/// no Nagle delay, little unsent data in the kernel, keep-alive probes, and that the kernel, too, gives up a client that
/// has acknowledged nothing for `stall_timeout`.
void prepare_listener(tcp_acceptor& listening, std::chrono::milliseconds stall_timeout);

/// A subscriber's socket. The handler's thread writes with a system call of its own; readiness and closing are the
/// business of the I/O thread that the socket belongs to, so the descriptor can never be closed, and reused, under a
/// write.
class tcp_client_stream final : public client_stream {
 public:
  explicit tcp_client_stream(tcp_socket socket);
  ~tcp_client_stream() override;

  std::optional<std::size_t> try_write(std::span<const iovec> buffers) override;
  void notify_when_writable(std::function<void()> ready) override;
  void notify_when_closed(std::function<void(bool)> closed) override;
  bool peer_is_there() override;
  void close(ending how) override;

 private:
  struct connection;
  std::shared_ptr<connection> connection_;  // shared with what waits in the I/O thread
};

}  // namespace event_relay::http
