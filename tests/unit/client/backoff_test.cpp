#include "event_relay/client/backoff.hpp"

#include <gtest/gtest.h>

namespace event_relay::client {
namespace {

TEST(Backoff, DoublesUpToABoundAndBeginsAnew) {
  backoff pauses;
  auto expected = backoff::shortest;
  for (int attempt = 0; attempt < 10; ++attempt) {
    const auto pause = pauses.next();
    EXPECT_GE(pause, expected * 4 / 5);
    EXPECT_LE(pause, expected * 6 / 5);
    expected = std::min(2 * expected, backoff::longest);
  }
  EXPECT_EQ(expected, backoff::longest);
  pauses.reset();
  EXPECT_LE(pauses.next(), backoff::shortest * 6 / 5);
}

}  // namespace
}  // namespace event_relay::client
