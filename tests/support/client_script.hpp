#pragma once

#include "event_relay/relay/client_stream.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace event_relay::test {

/// One client as a test plays it: how much it takes, when it goes, and what it got.
struct client_script {
  static constexpr auto everything = std::numeric_limits<std::size_t>::max();

  std::string received;
  std::size_t room = everything;  ///< bytes that the socket takes before it is full
  bool broken = false;            ///< the next write fails
  bool explodes = false;          ///< the next write throws
  bool there = true;              ///< what a look at the socket says
  int writes = 0;
  std::function<void()> writable;  ///< set while somebody waits for room
  std::function<void(bool)> closed;
  std::optional<client_stream::ending> ending;  ///< how it was closed
  bool destroyed = false;

  bool blocked() const noexcept { return writable != nullptr; }

  /// The client reads: there is room for so many bytes more.
  void take(std::size_t bytes = everything) {
    room = bytes;
    if (const auto ready = std::exchange(writable, nullptr)) ready();
  }
  void leave(bool too_much_input = false) {
    if (const auto gone = std::exchange(closed, nullptr)) gone(too_much_input);
  }
};

/// The client's socket, which does what the script says and nothing after it was closed.
class scripted_stream final : public client_stream {
 public:
  explicit scripted_stream(std::shared_ptr<client_script> script) : script_(std::move(script)) {}
  ~scripted_stream() override {
    forget_callbacks();
    script_->destroyed = true;
  }

  std::optional<std::size_t> try_write(std::span<const iovec> buffers) override {
    ++script_->writes;
    if (script_->explodes) throw std::logic_error("a bug in the handler");
    if (script_->broken || script_->ending) return std::nullopt;
    std::size_t written = 0;
    for (const auto& buffer : buffers) {
      const auto bytes = std::min(script_->room, buffer.iov_len);
      script_->received.append(static_cast<const char*>(buffer.iov_base), bytes);
      if (script_->room != client_script::everything) script_->room -= bytes;
      written += bytes;
    }
    return written;
  }
  void notify_when_writable(std::function<void()> ready) override { script_->writable = std::move(ready); }
  void notify_when_closed(std::function<void(bool)> closed) override { script_->closed = std::move(closed); }
  bool peer_is_there() override { return script_->there; }
  void close(ending how) override {
    script_->ending = how;
    forget_callbacks();
  }

 private:
  void forget_callbacks() {
    script_->writable = nullptr;
    script_->closed = nullptr;
  }

  const std::shared_ptr<client_script> script_;
};

}  // namespace event_relay::test
