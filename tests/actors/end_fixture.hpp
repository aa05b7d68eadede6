#pragma once

#include "actors/handler_fixture.hpp"

namespace event_relay::test {

/// A handler on an open journal, to be ended.
class end_fixture : public handler_fixture {
 protected:
  end_fixture() { open_tail(); }
  void expect_ended(close_reason reason, client_stream::ending how) {
    EXPECT_TRUE(gone());
    EXPECT_EQ(client->ending, how);
    EXPECT_EQ(closed_for(reason), 1u);
    std::uint64_t all = 0;
    for (const auto& count : counted.streams_closed) all += count;
    EXPECT_EQ(all, 1u);
  }
  std::chrono::milliseconds check() const { return configuration.stream.closed_check; }
  std::string after_head() const { return client->received.substr(4); }
};

}  // namespace event_relay::test
