#include "http/http_fixture.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::test {
namespace {

class Endpoint : public http_fixture {
 protected:
  Endpoint() { start(); }
};

stored_event stored(std::string type, std::string data) {
  return {{4711, 7}, topic_id{2}, std::move(type), std::move(data), *parse_timestamp("2024-05-06T07:08:09.123000Z"), ""};
}

TEST_F(Endpoint, HealthDoesNotDependOnTheJournal) {
  door.plays({.ready = false});
  EXPECT_EQ(connect().ask(get("/healthz")).status, 200);
}

TEST_F(Endpoint, ReadinessDoes) {
  auto client = connect();
  EXPECT_EQ(client.ask(get("/readyz")).status, 200);
  door.plays({.ready = false});
  const auto answer = client.ask(get("/readyz"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_FALSE(answer.header("Retry-After").empty());
  EXPECT_TRUE(nlohmann::json::accept(answer.body));
}

TEST_F(Endpoint, MetricsArePrometheusText) {
  const auto answer = connect().ask(get("/metrics"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(answer.body, "connections 1\n");
}

TEST_F(Endpoint, StatusIsJsonThatNobodyKeeps) {
  const auto answer = connect().ask(get("/status"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.body, R"({"ready":true})");
}

TEST_F(Endpoint, AnEventIsHandedOutAsItWasPublished) {
  const std::string data = R"({ "n":1.0,"n":1e30, "s":"\u00e9" })";
  door.plays({.event = stored("created", data)});
  const auto answer = connect().ask(get("/events/4711-7"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.body, R"({"id":"4711-7","position":7,"topic":"orders","type":"created",)"
                         R"("time":"2024-05-06T07:08:09.123000Z","data":)" + data + "}");
}

TEST_F(Endpoint, AnEventThatIsNotJsonIsText) {
  door.plays({.event = stored("", "a \"b\"\n\xc3\xa9")});
  const auto body = nlohmann::json::parse(connect().ask(get("/events/7")).body);
  EXPECT_EQ(body.at("text"), "a \"b\"\n\xc3\xa9");
  EXPECT_TRUE(body.at("type").is_null());
  EXPECT_FALSE(body.contains("data"));
}

TEST_F(Endpoint, AByteOrderMarkInTextIsNotPutIntoTheJson) {
  const std::string data = "\xef\xbb\xbf{}";
  door.plays({.event = stored("", data)});
  const auto answer = connect().ask(get("/events/7"));
  ASSERT_TRUE(nlohmann::json::accept(answer.body)) << answer.body;
  EXPECT_EQ(nlohmann::json::parse(answer.body).value("text", ""), data);
}

TEST_F(Endpoint, AnEventIsAskedForByIdOrBarePosition) {
  auto client = connect();
  client.send(get("/events/4711-7"));
  auto by_id = door.next_event();
  EXPECT_EQ(by_id.epoch, epoch_t{4711});
  EXPECT_EQ(by_id.position, 7u);
  by_id.done(stored("", "1"));
  EXPECT_EQ(client.read_answer().status, 200);
  client.send(get("/events/7"));
  auto by_position = door.next_event();
  EXPECT_EQ(by_position.epoch, std::nullopt);
  EXPECT_EQ(by_position.position, 7u);
  by_position.done(errc::event_not_found);
  EXPECT_EQ(client.read_answer().status, 404);
}

TEST_F(Endpoint, WhatIsNoIdIsRefused) {
  auto client = connect();
  for (const auto* target : {"/events/x", "/events/-1", "/events/1-", "/events/1-2-3", "/events/", "/events/%31%20",
                             "/events/99999999999999999999999"})
    EXPECT_EQ(client.ask(get(target)).status, 400) << target;
  EXPECT_TRUE(door.idle());
}

TEST_F(Endpoint, AnEventThatIsGoneIsGone) {
  door.plays({.event = result<stored_event>(errc::event_expired)});
  EXPECT_EQ(connect().ask(get("/events/1")).status, 410);
  door.plays({.event = result<stored_event>(errc::journal_unavailable)});
  EXPECT_EQ(connect().ask(get("/events/1")).status, 503);
}

TEST_F(Endpoint, HeadOfAnEventHasItsLength) {
  door.plays({.event = stored("", "1")});
  const auto whole = connect().ask(get("/events/7"));
  const auto head = connect().ask("HEAD /events/7 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(head.header("Content-Length"), std::to_string(whole.body.size()));
}

}  // namespace
}  // namespace event_relay::test
