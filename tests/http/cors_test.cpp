#include "event_relay/http/cors.hpp"
#include "http/made_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace event_relay::http {
namespace {

using test::made_header;
using test::made_request;

constexpr const char* allow_origin_name = "Access-Control-Allow-Origin";

http_config with_origins(std::vector<std::string> origins) {
  http_config options;
  options.cors_origins = std::move(origins);
  return options;
}

response answer_to(const request_header& header, const http_config& options) {
  response answer(boost::beast::http::status::ok, 11);
  allow_origin(answer, made_request(header), options);
  return answer;
}

TEST(Cors, NothingIsSaidWhenNoOriginIsConfigured) {
  const auto answer = answer_to(made_header("/events", {{"Origin", "https://a.example"}}), {});
  EXPECT_EQ(answer.begin(), answer.end());
}

TEST(Cors, AListedOriginMayRead) {
  const auto options = with_origins({"https://a.example", "https://b.example"});
  const auto answer = answer_to(made_header("/events", {{"Origin", "https://b.example"}}), options);
  EXPECT_EQ(answer[allow_origin_name], "https://b.example");
  EXPECT_EQ(answer["Vary"], "Origin");
  EXPECT_EQ(answer["Access-Control-Expose-Headers"], "Location, Retry-After, X-Request-Id");
}

TEST(Cors, AnotherOriginMayNot) {
  const auto options = with_origins({"https://a.example"});
  for (const auto* origin : {"https://evil.example", "https://a.example.evil", "http://a.example", "null", ""}) {
    const auto answer = answer_to(made_header("/events", {{"Origin", origin}}), options);
    EXPECT_EQ(answer.count(allow_origin_name), 0u) << origin;
    EXPECT_EQ(answer["Vary"], "Origin") << "or a cache would hand this answer to a page that may read";
  }
}

TEST(Cors, AnyOriginIsNeverEchoed) {
  const auto answer = answer_to(made_header("/events", {{"Origin", "https://x.example"}}), with_origins({"*"}));
  EXPECT_EQ(answer[allow_origin_name], "*");
}

TEST(Cors, CredentialsAreNeverAllowed) {
  for (const auto* configured : {"*", "https://x.example"}) {
    const auto header = made_header("/events", {{"Origin", "https://x.example"}});
    const auto options = with_origins({configured});
    EXPECT_EQ(answer_to(header, options).count("Access-Control-Allow-Credentials"), 0u);
    EXPECT_EQ(options_response("GET", made_request(header), options).count("Access-Control-Allow-Credentials"), 0u);
  }
}

errc refusal(boost::beast::http::verb method, std::initializer_list<std::pair<std::string_view, std::string_view>> fields,
             std::vector<std::string> origins = {}) {
  auto header = made_header("/reservations", fields);
  header.method(method);
  const auto wrong = check_origin(made_request(header), with_origins(std::move(origins)));
  return wrong ? wrong->code : errc{};
}

TEST(Cors, APageOfAnotherOriginChangesNothing) {
  using boost::beast::http::verb;
  for (const auto* origin : {"https://evil.example", "null", "http://relay.example.evil", "http://relay.example:81",
                             "relay.example", "https://a.example"}) {
    EXPECT_EQ(refusal(verb::post, {{"Origin", origin}}), errc::foreign_origin) << origin;
    EXPECT_EQ(refusal(verb::delete_, {{"Origin", origin}}), errc::foreign_origin) << origin;
    EXPECT_EQ(refusal(verb::post, {{"Origin", origin}, {"Sec-Fetch-Site", "same-site"}}), errc::foreign_origin);
    EXPECT_EQ(refusal(verb::get, {{"Origin", origin}}), errc{}) << "it may ask, and cannot read the answer";
  }
}

TEST(Cors, ServicesOwnPagesAndListedOnesMay) {
  using boost::beast::http::verb;
  EXPECT_EQ(refusal(verb::post, {}), errc{});
  EXPECT_EQ(refusal(verb::post, {{"Origin", "http://relay.example"}}), errc{});
  EXPECT_EQ(refusal(verb::post, {{"Origin", "https://relay.example"}}), errc{}) << "behind a proxy with TLS";
  EXPECT_EQ(refusal(verb::post, {{"Origin", "https://outside.example"}, {"Sec-Fetch-Site", "same-origin"}}), errc{});
  EXPECT_EQ(refusal(verb::post, {{"Origin", "https://a.example"}}, {"https://a.example"}), errc{});
  EXPECT_EQ(refusal(verb::post, {{"Origin", "https://a.example"}}, {"*"}), errc{});
}

TEST(Cors, AVaryThatIsThereStays) {
  const auto header = made_header("/events", {{"Origin", "https://a.example"}});
  response answer(boost::beast::http::status::ok, 11);
  answer.set("Vary", "Accept, Origin");
  allow_origin(answer, made_request(header), with_origins({"https://a.example"}));
  EXPECT_EQ(answer["Vary"], "Accept, Origin");
}

TEST(Cors, OptionsAnswersAllowToAnybody) {
  const auto header = made_header("/events");
  const auto answer = options_response("GET, HEAD, OPTIONS", made_request(header), {});
  EXPECT_EQ(answer.result_int(), 204u);
  EXPECT_EQ(answer["Allow"], "GET, HEAD, OPTIONS");
  EXPECT_EQ(answer.count("Access-Control-Allow-Methods"), 0u);
  EXPECT_TRUE(answer.body().empty());
}

TEST(Cors, APreflightIsToldWhatItMaySend) {
  const auto header = made_header("/reservations", {{"Origin", "https://a.example"}});
  const auto answer = options_response("POST, OPTIONS", made_request(header), with_origins({"https://a.example"}));
  EXPECT_EQ(answer[allow_origin_name], "https://a.example");
  EXPECT_EQ(answer["Access-Control-Allow-Methods"], "POST, OPTIONS");
  const std::string headers(answer["Access-Control-Allow-Headers"]);
  for (const auto* name : {"Last-Event-ID", "Content-Type", "Idempotency-Key", "Event-Type", "Authorization"})
    EXPECT_NE(headers.find(name), std::string::npos) << name;
  EXPECT_EQ(answer["Access-Control-Max-Age"], "7200");
}

TEST(Cors, APreflightOfAnotherOriginIsToldNothing) {
  const auto header = made_header("/reservations", {{"Origin", "https://evil.example"}});
  const auto answer = options_response("POST, OPTIONS", made_request(header), with_origins({"https://a.example"}));
  EXPECT_EQ(answer.count(allow_origin_name), 0u);
  EXPECT_EQ(answer.count("Access-Control-Allow-Methods"), 0u);
}

}  // namespace
}  // namespace event_relay::http
