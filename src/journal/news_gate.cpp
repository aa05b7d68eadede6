#include "journal/news_gate.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace event_relay {

news_gate::news_gate() : event_fd_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)} {
  if (event_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

news_gate::~news_gate() {
  ::close(event_fd_);
}

void news_gate::open() noexcept {
  const std::uint64_t one = 1;
  // Can only fail when the counter is about to overflow, and then the gate is open anyway.
  [[maybe_unused]] const auto written = ::write(event_fd_, &one, sizeof one);
}

bool news_gate::wait_readable(int socket, std::chrono::steady_clock::time_point deadline) {
  using namespace std::chrono;
  for (;;) {
    // Rounded up: a wait that ends a moment before its deadline would be called again and again.
    const auto left = std::clamp(ceil<milliseconds>(deadline - steady_clock::now()), 0ms, 60'000ms);
    std::array<pollfd, 2> wanted{{{socket, POLLIN, 0}, {event_fd_, POLLIN, 0}}};
    const int ready = ::poll(wanted.data(), wanted.size(), static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
    if (ready <= 0) {
      if (steady_clock::now() >= deadline) return false;
      continue;
    }
    if (wanted[1].revents != 0) {
      std::uint64_t count = 0;
      if (::read(event_fd_, &count, sizeof count) > 0) return false;
    }
    if (wanted[0].revents != 0) return true;
  }
}

}  // namespace event_relay
