#include "event_relay/http/response_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace event_relay::http {
namespace {

using boost::beast::http::status;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

response made(status result, std::string body, unsigned version = 11) {
  response answer(result, version);
  answer.set("Content-Type", "text/plain");
  answer.body() = std::move(body);
  return answer;
}

TEST(ResponseText, IsAWholeMessage) {
  auto answer = made(status::created, "hello");
  const auto text = response_text(answer, true, false);
  EXPECT_THAT(text, StartsWith("HTTP/1.1 201 Created\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nServer: event-relay\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\nhello"));
}

TEST(ResponseText, HasADateAsRfc9110HasIt) {
  auto answer = made(status::ok, "");
  const std::regex date("\r\nDate: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} "
                        "[0-9]{2}:[0-9]{2}:[0-9]{2} GMT\r\n");
  EXPECT_TRUE(std::regex_search(response_text(answer, true, false), date));
}

TEST(ResponseText, AnEmptyBodyHasALength) {
  auto answer = made(status::ok, "");
  EXPECT_THAT(response_text(answer, true, false), HasSubstr("\r\nContent-Length: 0\r\n"));
}

TEST(ResponseText, ToHeadHasTheLengthAndNotTheBody) {
  auto answer = made(status::ok, "hello");
  const auto text = response_text(answer, true, true);
  EXPECT_THAT(text, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
}

TEST(ResponseText, NoContentHasNoLength) {
  for (const auto result : {status::no_content, status::not_modified}) {
    auto answer = made(result, "");
    EXPECT_THAT(response_text(answer, true, false), Not(HasSubstr("Content-Length"))) << result;
  }
}

TEST(ResponseText, AChunkedHeadHasNoLength) {
  auto answer = made(status::ok, "");
  answer.set("Transfer-Encoding", "chunked");
  EXPECT_THAT(response_text(answer, true, true), Not(HasSubstr("Content-Length")));
}

TEST(ResponseText, SaysWhetherTheConnectionGoesOn) {
  auto kept = made(status::ok, "");
  EXPECT_THAT(response_text(kept, true, false), Not(HasSubstr("Connection:")));
  auto closed = made(status::ok, "");
  EXPECT_THAT(response_text(closed, false, false), HasSubstr("\r\nConnection: close\r\n"));
  auto kept_by_old = made(status::ok, "", 10);
  const auto text = response_text(kept_by_old, true, false);
  EXPECT_THAT(text, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(text, HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(HeadText, EndsInAnEmptyLine) {
  const auto answer = made(status::ok, "never sent");
  const auto text = head_text(answer);
  EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(text, EndsWith("\r\n\r\n"));
}

}  // namespace
}  // namespace event_relay::http
