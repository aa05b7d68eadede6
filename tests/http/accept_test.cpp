#include "event_relay/http/accept.hpp"

#include <gtest/gtest.h>

namespace event_relay::http {
namespace {

struct accept_case {
  const char* header;
  bool taken;
};

class Accept : public testing::TestWithParam<accept_case> {};

TEST_P(Accept, IsReadAsRfc9110HasIt) {
  EXPECT_EQ(weight_in(GetParam().header, "text", "event-stream") > 0, GetParam().taken) << '"' << GetParam().header << '"';
}

INSTANTIATE_TEST_SUITE_P(Taken, Accept,
                         testing::Values(accept_case{"", true}, accept_case{"   ", true}, accept_case{"*/*", true},
                                         accept_case{"text/*", true}, accept_case{"text/event-stream", true},
                                         accept_case{"Text/Event-Stream", true},
                                         accept_case{"text/event-stream;q=0.1", true},
                                         accept_case{"application/json, text/event-stream", true},
                                         accept_case{"application/json,\ttext/* ; q=0.001", true},
                                         accept_case{"text/event-stream; charset=utf-8; q=1", true},
                                         accept_case{",, */* ,", true}, accept_case{"text/event-stream;q=1.000", true},
                                         // What EventSource and curl send.
                                         accept_case{"text/event-stream, */*;q=0.5", true}));

INSTANTIATE_TEST_SUITE_P(Refused, Accept,
                         testing::Values(accept_case{"application/json", false}, accept_case{"text/html", false},
                                         accept_case{"text/event-stream;q=0", false}, accept_case{"*/*;q=0", false},
                                         accept_case{"text/event-stream; q=0.000", false},
                                         accept_case{"text/event-stream ;Q=0", false},
                                         accept_case{"application/*, image/png", false}, accept_case{"text", false},
                                         accept_case{"text/event-streams", false}, accept_case{"*/event-stream", false},
                                         accept_case{";q=1", false}));

TEST(AcceptRanges, TheMostSpecificOneDecidesWhereverItStands) {
  EXPECT_EQ(weight_in("text/event-stream;q=0, */*", "text", "event-stream"), 0);
  EXPECT_EQ(weight_in("*/*, text/event-stream;q=0", "text", "event-stream"), 0);
  EXPECT_EQ(weight_in("*/*;q=1, text/*;q=0", "text", "event-stream"), 0);
  EXPECT_GT(weight_in("text/event-stream, text/*;q=0, */*;q=0", "text", "event-stream"), 0);
  EXPECT_GT(weight_in("*/*;q=0, text/*", "text", "event-stream"), 0);
}

TEST(AcceptRanges, AWeightHasThreeDigits) {
  const auto weight = [](std::string_view q) { return weight_in("text/event-stream;q=" + std::string(q), "text", "event-stream"); };
  EXPECT_EQ(weight("1"), 1'000);
  EXPECT_EQ(weight("0.5"), 500);
  EXPECT_EQ(weight("0.123"), 123);
  EXPECT_EQ(weight("0.1239"), 123);
  EXPECT_EQ(weight("0."), 0);
  EXPECT_EQ(weight("1.5"), 1'000);
  EXPECT_EQ(weight("much"), 1'000);
}

}  // namespace
}  // namespace event_relay::http
