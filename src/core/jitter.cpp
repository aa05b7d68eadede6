#include "event_relay/core/jitter.hpp"

#include <random>

namespace event_relay {
namespace {

std::chrono::milliseconds between(std::chrono::milliseconds least, std::chrono::milliseconds most) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return std::chrono::milliseconds(std::uniform_int_distribution<long>(least.count(), most.count())(random));
}

}  // namespace

std::chrono::milliseconds jittered(std::chrono::milliseconds duration) {
  return between(duration * 4 / 5, duration * 6 / 5);
}

std::chrono::milliseconds spread_over(std::chrono::milliseconds period) {
  return between(std::chrono::milliseconds(0), period);
}

}  // namespace event_relay
