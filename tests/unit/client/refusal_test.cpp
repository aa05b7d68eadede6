#include "event_relay/client/refusal.hpp"

#include <gtest/gtest.h>

namespace event_relay::client {
namespace {

http_response answer(int status, std::string body, http_headers headers = {}) {
  return {{"HTTP/1.1", status, std::move(headers)}, std::move(body)};
}

refusal with_status(int status) {
  return read_refusal(answer(status, "{}"));
}

TEST(Refusal, SaysWhatTheRelaySaid) {
  const auto read = read_refusal(answer(
      413,
      R"({"type":"urn:event-relay:problem:too_many_events","detail":"too many","field":"body","line":3,"limit":10})"));
  EXPECT_EQ(read.reason, "too_many_events");
  EXPECT_EQ(read.text(), "413 too_many_events: too many (field body, line 3, limit 10)");
  EXPECT_FALSE(read.is_passing());
}

TEST(Refusal, OfReadinessHasItsStatusAlone) {
  EXPECT_EQ(read_refusal(answer(503, R"({"status":"not ready"})")).text(), "503: not ready");
}

TEST(Refusal, OfAProxyNamesTheProxy) {
  const auto read = read_refusal(answer(502, "<html>", {{"server", "nginx/1.22"}}));
  EXPECT_EQ(read.text(), "502: from nginx/1.22, not from a relay");
  EXPECT_TRUE(read.is_passing());
}

TEST(Refusal, DoesNotSteerTheTerminal) {
  EXPECT_EQ(read_refusal(answer(400, R"({"detail":"\u001b[2Jgone\n"})")).text(), "400: ?[2Jgone?");
}

TEST(Refusal, TellsHowLongToWait) {
  using std::chrono::seconds;
  EXPECT_EQ(read_refusal(answer(503, "{}", {{"Retry-After", "2"}})).retry_after, seconds(2));
  EXPECT_EQ(read_refusal(answer(503, "{}", {{"retry-after", "999999"}})).retry_after, seconds(3600));
  EXPECT_EQ(read_refusal(answer(503, "{}", {{"Retry-After", "Fri, 27 Nov 2026"}})).retry_after, std::nullopt);
}

TEST(Refusal, IsPassingWhenTheSameRequestMaySucceedLater) {
  for (const int status : {408, 429, 500, 502, 503, 504}) EXPECT_TRUE(with_status(status).is_passing());
  for (const int status : {301, 400, 401, 403, 404, 409, 413, 422}) EXPECT_FALSE(with_status(status).is_passing());
}

}  // namespace
}  // namespace event_relay::client
