#include "event_relay/relay/stream_limits.hpp"

#include <gtest/gtest.h>

namespace event_relay {
namespace {

class StreamLimits : public testing::Test {
 protected:
  errc refusal(const std::string& address) {
    const auto answer = limits.admit(address);
    return answer ? errc{} : static_cast<errc>(answer.error().value());
  }
  std::unique_ptr<stream_permit> admit(const std::string& address) {
    auto permit = limits.admit(address);
    EXPECT_TRUE(permit) << permit.error().message();
    return permit ? std::move(*permit) : nullptr;
  }

  stream_config options;
  counters counted;
  stream_limits limits{options, counted};
};

TEST_F(StreamLimits, CountsWhatIsOpen) {
  auto first = admit("a");
  auto second = admit("a");
  EXPECT_EQ(counted.streams_open, 2);
  first.reset();
  EXPECT_EQ(counted.streams_open, 1);
  second.reset();
  EXPECT_EQ(counted.streams_open, 0);
}

TEST_F(StreamLimits, RefusesMoreThanItMayAdmit) {
  options.max_streams = 2;
  auto first = admit("a");
  auto second = admit("b");
  EXPECT_EQ(refusal("c"), errc::too_many_streams);
  EXPECT_EQ(counted.streams_open, 2);
  first.reset();
  EXPECT_TRUE(admit("c"));
}

TEST_F(StreamLimits, RefusesMoreThanItMayAdmitFromOneAddress) {
  options.max_streams_per_address = 2;
  auto first = admit("a");
  auto second = admit("a");
  EXPECT_EQ(refusal("a"), errc::too_many_streams_from_address);
  auto other = admit("b");
  EXPECT_EQ(counted.streams_open, 3);
  second.reset();
  second = admit("a");
  EXPECT_EQ(refusal("a"), errc::too_many_streams_from_address);
}

TEST_F(StreamLimits, ARefusalCountsNowhere) {
  options.max_streams = 1;
  options.max_streams_per_address = 1;
  auto held = admit("a");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(refusal("b"), errc::too_many_streams);
  held.reset();
  for (int i = 0; i < 5; ++i) {
    auto again = admit("b");
    EXPECT_EQ(counted.streams_open, 1);
  }
  EXPECT_EQ(counted.streams_open, 0);
}

TEST_F(StreamLimits, AdmitsNobodyWhenClosed) {
  auto before = admit("a");
  limits.close();
  EXPECT_TRUE(limits.closed());
  EXPECT_EQ(refusal("a"), errc::shutting_down);
  before.reset();
  EXPECT_EQ(counted.streams_open, 0);
}

}  // namespace
}  // namespace event_relay
