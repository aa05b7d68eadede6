#include "event_relay/http/access.hpp"
#include "http/http_fixture.hpp"
#include "http/made_request.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::http {
namespace {

using test::made_header;
using test::made_request;

const std::string reader = "reader-reader-reader";
const std::string other_reader = "other-reader-other-reader";
const std::string writer = "writer-writer-writer";
const std::string stranger = "stranger-stranger-1";

access_config both() { return {{reader, other_reader}, {writer}}; }

class Access : public testing::Test {
 protected:
  errc refusal(access_scope needed, const request_header& header, const access_config& options = both()) {
    const auto wrong = check_access(needed, made_request(header), options);
    return wrong ? wrong->code : errc{};
  }
  errc with_header(access_scope needed, const std::string& credentials, const access_config& options = both()) {
    return refusal(needed, made_header("/events", {{"Authorization", credentials}}), options);
  }
  errc with_query(access_scope needed, const std::string& target) { return refusal(needed, made_header(target)); }

  static constexpr auto read = access_scope::read;
  static constexpr auto publish = access_scope::publish;
};

TEST_F(Access, WithoutTokensEverythingIsOpen) {
  for (const auto scope : {access_scope::none, read, publish}) {
    EXPECT_EQ(refusal(scope, made_header("/events"), {}), errc{});
    EXPECT_EQ(with_header(scope, "Bearer " + stranger, {}), errc{}) << "clients may send what a proxy wants of them";
  }
}

TEST_F(Access, EachScopeHasItsTokens) {
  EXPECT_EQ(with_header(read, "Bearer " + reader), errc{});
  EXPECT_EQ(with_header(read, "Bearer " + other_reader), errc{});
  EXPECT_EQ(with_header(publish, "Bearer " + writer), errc{});
  EXPECT_EQ(with_header(publish, "Bearer " + reader), errc::token_not_allowed);
  EXPECT_EQ(with_header(read, "Bearer " + writer), errc::token_not_allowed);
}

TEST_F(Access, WhoShowsNoneIsAskedForOne) {
  EXPECT_EQ(refusal(read, made_header("/events")), errc::no_token);
  EXPECT_EQ(refusal(publish, made_header("/orders")), errc::no_token);
  EXPECT_EQ(refusal(access_scope::none, made_header("/healthz")), errc{});
}

TEST_F(Access, OnlyTheWholeTokenCounts) {
  const std::vector<std::string> wrong_ones{reader.substr(1), reader.substr(0, 19), reader + "x",
                                            reader + ",", "READER-READER-READER", stranger, reader + "=" + reader};
  for (const auto& wrong : wrong_ones)
    EXPECT_EQ(with_header(read, "Bearer " + wrong), errc::unknown_token) << wrong;
}

TEST_F(Access, TheSchemeIsWrittenInAnyCase) {
  EXPECT_EQ(with_header(read, "bearer " + reader), errc{});
  EXPECT_EQ(with_header(read, "BEARER   " + reader), errc{});
}

TEST_F(Access, OtherSchemesAreNotOurs) {
  for (const auto& credentials : {"Basic " + reader, reader, "Bearer" + reader, "Bearers " + reader})
    EXPECT_EQ(with_header(read, credentials), errc::no_token) << credentials;
}

TEST_F(Access, ATokenMayStandInTheQueryOfAGet) {
  EXPECT_EQ(with_query(read, "/events?topic=orders&access_token=" + reader), errc{});
  EXPECT_EQ(with_query(read, "/events?access_token=reader%2Dreader-reader"), errc{});
  EXPECT_EQ(with_query(read, "/events?access_token="), errc::unknown_token);
  auto post = made_header("/orders?access_token=" + writer);
  post.method(boost::beast::http::verb::post);
  EXPECT_EQ(refusal(publish, post), errc::no_token) << "a form of another page could be sent to such a URL";
}

TEST_F(Access, TwoTokensAreOneTooMany) {
  EXPECT_EQ(with_query(read, "/events?access_token=" + reader + "&access_token=" + reader), errc::two_tokens);
  EXPECT_EQ(refusal(read, made_header("/events?access_token=" + reader, {{"Authorization", "Bearer " + reader}})),
            errc::two_tokens);
  EXPECT_EQ(refusal(read, made_header("/events", {{"Authorization", "Bearer " + reader}, {"Authorization", "Bearer x"}})),
            errc::two_tokens);
}

TEST_F(Access, AScopeWithoutTokensIsOpenButNotToAWrongOne) {
  const access_config publishing_only{{}, {writer}};
  EXPECT_EQ(refusal(read, made_header("/events"), publishing_only), errc{});
  EXPECT_EQ(with_header(read, "Bearer " + writer, publishing_only), errc{});
  EXPECT_EQ(with_header(read, "Bearer " + stranger, publishing_only), errc::unknown_token);
}

class AccessToEndpoints : public test::http_fixture {
 protected:
  AccessToEndpoints() {
    configuration.access = both();
    start();
  }
  static std::string bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }
};

TEST_F(AccessToEndpoints, ProbesNeedNone) {
  for (const auto* path : {"/healthz", "/readyz"}) EXPECT_EQ(connect().ask(get(path)).status, 200) << path;
}

TEST_F(AccessToEndpoints, EverythingThatTellsOfEventsDoes) {
  for (const auto* path : {"/events", "/events/1", "/consumers", "/consumers/lending", "/metrics", "/status"}) {
    EXPECT_EQ(connect().ask(get(path)).status, 401) << path;
    EXPECT_EQ(connect().ask(get(path, bearer(writer))).status, 403) << path;
  }
  EXPECT_EQ(connect().ask(post("/consumers/lending/ack", "{}")).status, 401);
  EXPECT_EQ(connect().ask(post("/consumers/lending/reset", "{}")).status, 401);
  EXPECT_EQ(connect().ask("DELETE /consumers/lending HTTP/1.1\r\nHost: a\r\n\r\n").status, 401);
  EXPECT_EQ(connect().ask(get("/metrics", bearer(reader))).status, 200);
  EXPECT_TRUE(door.idle());
}

TEST_F(AccessToEndpoints, PublishingHasItsOwn) {
  door.plays({.receipt = test::stored_at(1)});
  const std::string json = "Content-Type: application/json\r\n";
  EXPECT_EQ(connect().ask(post("/orders", "{}", json)).status, 401);
  EXPECT_EQ(connect().ask(post("/orders", "{}", json + bearer(reader))).status, 403);
  EXPECT_EQ(connect().ask(post("/orders", "{}", json + bearer(writer))).status, 201);
}

TEST_F(AccessToEndpoints, TheAnswerSaysWhatIsMissing) {
  const auto without = connect().ask(get("/events"));
  EXPECT_EQ(without.header("WWW-Authenticate"), R"(Bearer realm="event-relay")");
  EXPECT_EQ(without.header("Content-Type"), "application/problem+json");
  const auto problem = nlohmann::json::parse(without.body);
  EXPECT_EQ(problem.at("type"), "urn:event-relay:problem:no_token");
  EXPECT_EQ(problem.at("field"), "Authorization");
  EXPECT_EQ(connect().ask(get("/events", bearer(stranger))).header("WWW-Authenticate"),
            R"(Bearer realm="event-relay", error="invalid_token")");
  EXPECT_EQ(connect().ask(get("/events", bearer(writer))).header("WWW-Authenticate"),
            R"(Bearer realm="event-relay", error="insufficient_scope")");
  EXPECT_EQ(refused_for(errc::no_token), 1u);
  EXPECT_EQ(refused_for(errc::unknown_token), 1u);
}

TEST_F(AccessToEndpoints, ABodyIsNotEvenAskedFor) {
  auto client = connect();
  client.send("POST /orders HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 401);
}

TEST_F(AccessToEndpoints, APageOfAnotherOriginIsRefusedEvenWithAToken) {
  const auto headers = "Origin: https://evil.example\r\nContent-Type: text/plain\r\n" + bearer(writer);
  EXPECT_EQ(connect().ask(post("/orders", "hello", headers)).status, 403);
  EXPECT_EQ(refused_for(errc::foreign_origin), 1u);
}

TEST_F(AccessToEndpoints, ABrowsersPreflightNeedsNone) {
  EXPECT_EQ(connect().ask("OPTIONS /events HTTP/1.1\r\nHost: a\r\n\r\n").status, 204);
}

}  // namespace
}  // namespace event_relay::http
