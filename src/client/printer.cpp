#include "event_relay/client/printer.hpp"

#include "event_relay/client/interruption.hpp"

#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <climits>
#include <system_error>

namespace event_relay::client {

// A pipe that is ready takes PIPE_BUF without blocking, and so no write does: an interruption is seen in between.
bool printer::print(std::string_view text) const {
  while (!text.empty()) {
    const auto watched = stop_.watched();
    pollfd ready[] = {watched[0], {STDOUT_FILENO, POLLOUT, 0}};
    if (poll(ready, 2, -1) < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
    if (ready[0].revents != 0) return false;
    if (ready[1].revents == 0) continue;
    const auto count = write(STDOUT_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (count >= 0)
      text.remove_prefix(static_cast<std::size_t>(count));
    else if (errno == EPIPE)
      return false;
    else if (errno != EINTR && errno != EAGAIN)
      throw std::system_error(errno, std::generic_category(), "standard output");
  }
  return true;
}

}  // namespace event_relay::client
