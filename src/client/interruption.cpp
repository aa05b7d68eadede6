#include "event_relay/client/interruption.hpp"

#include <sys/signalfd.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace event_relay::client {

interruption::interruption() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

interruption::~interruption() {
  close(signals_);
}

bool interruption::happened() const {
  return wait_for(std::chrono::milliseconds(0));
}

bool interruption::wait_for(std::chrono::milliseconds pause) const {
  auto descriptors = watched();
  return poll(descriptors.data(), descriptors.size(), static_cast<int>(pause.count())) > 0;
}

// Of the output only errors are of interest, which poll() tells unasked: that a terminal has input is none.
std::array<pollfd, 2> interruption::watched() const {
  return {{{signals_, POLLIN, 0}, {STDOUT_FILENO, 0, 0}}};
}

}  // namespace event_relay::client
