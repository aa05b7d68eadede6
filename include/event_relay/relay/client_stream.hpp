#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace event_relay {

/// The socket of one subscriber as its handler sees it. The handler owns it and is the only one to call it; it writes
/// from its own thread, because passing each write through the I/O thread was measured three to fifteen times slower.
class client_stream {
 public:
  virtual ~client_stream() = default;

  /// Writes what the socket takes now, never waits. 0: it takes nothing. Nothing: the connection is broken.
  virtual std::optional<std::size_t> try_write(std::span<const iovec> buffers) = 0;

  /// Calls `ready` once, in some other thread, when the socket may take bytes again or is broken.
  virtual void notify_when_writable(std::function<void()> ready) = 0;

  /// Calls `closed` once, in some other thread, when the client has closed or half-closed the connection; `true` says
  /// that it was cut off for sending more than a subscriber has any reason to.
  virtual void notify_when_closed(std::function<void(bool too_much_input)> closed) = 0;

  /// Looks now whether the connection still stands.
  virtual bool peer_is_there() = 0;

  /// Ends the connection: orderly (what was written still arrives), or at once. No notification comes after it.
  enum class ending { orderly, abrupt };
  virtual void close(ending how) = 0;
};

}  // namespace event_relay
