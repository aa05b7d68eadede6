#include "http/http_fixture.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::test {
namespace {

class Publish : public http_fixture {
 protected:
  Publish() { start(); }

  int status_of(const std::string& request) { return connect().ask(request).status; }
};

TEST_F(Publish, IsAnsweredWithWhereTheEventIs) {
  auto client = connect();
  client.send(post("/orders?type=created", R"({"n":1})", "Idempotency-Key: k1\r\n"));
  auto asked = door.next_publish();
  EXPECT_EQ(asked.event.topic, topic_id{2});
  EXPECT_EQ(asked.event.type, "created");
  EXPECT_EQ(asked.event.idempotency_key, "k1");
  EXPECT_EQ(asked.event.data, R"({"n":1})");
  asked.done(stored_at(7));
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Location"), "/events/4711-7");
  EXPECT_EQ(answer.body, R"({"id":"4711-7","position":7,"topic":"orders","type":"created","duplicate":false})");
}

TEST_F(Publish, ARepeatIsAnsweredWithTheFirst) {
  door.plays({.receipt = publish_receipt{{4711, 3}, true}});
  const auto answer = connect().ask(post("/orders", "1", "Idempotency-Key: k1\r\n"));
  EXPECT_EQ(answer.status, 200);
  const auto body = nlohmann::json::parse(answer.body);
  EXPECT_EQ(body.at("duplicate"), true);
  EXPECT_TRUE(body.at("type").is_null());
}

TEST_F(Publish, TheTypeMayBeAHeaderAndTheParameterWins) {
  auto client = connect();
  client.send(post("/orders", "1", "Event-Type: from-header\r\n"));
  auto by_header = door.next_publish();
  EXPECT_EQ(by_header.event.type, "from-header");
  by_header.done(stored_at(1));
  client.read_answer();
  client.send(post("/orders?type=a%20b", "1", "Event-Type: from-header\r\n"));
  auto by_parameter = door.next_publish();
  EXPECT_EQ(by_parameter.event.type, "a b");
  by_parameter.done(stored_at(2));
  EXPECT_EQ(client.read_answer().status, 201);
}

TEST_F(Publish, BadTypesAndKeysAreRefused) {
  for (const auto* target : {"/orders?type=", "/orders?type=%0A", "/orders?type=error", "/orders?type=relay.reset",
                             "/orders?type=%20a", "/orders?type=%ff"})
    EXPECT_EQ(status_of(post(target, "1")), 400) << target;
  EXPECT_EQ(status_of(post("/orders?type=" + std::string(129, 'x'), "1")), 400);
  EXPECT_EQ(status_of(post("/orders", "1", "Idempotency-Key:\r\n")), 400);
  EXPECT_EQ(status_of(post("/orders", "1", "Idempotency-Key: " + std::string(256, 'x') + "\r\n")), 400);
  EXPECT_TRUE(door.idle());
}

TEST_F(Publish, DataIsWhatItIsDeclaredToBe) {
  EXPECT_EQ(status_of(post("/orders", "{")), 400);
  EXPECT_EQ(status_of(post("/orders", "")), 400);
  EXPECT_EQ(status_of(post("/orders", "{", "Content-Type: application/cloudevents+json\r\n")), 400);
  EXPECT_EQ(status_of(post("/orders", "\"\xff\"")), 422);
  EXPECT_EQ(status_of(post("/orders", std::string("a\0b", 3), "Content-Type: text/plain\r\n")), 422);
  const auto unsupported = connect().ask(post("/orders", "1", "Content-Type: image/png\r\n"));
  EXPECT_EQ(unsupported.status, 415);
  EXPECT_TRUE(unsupported.has("Accept-Post"));
  EXPECT_TRUE(door.idle());
  door.plays({.receipt = stored_at(1)});
  EXPECT_EQ(status_of(post("/orders", "{ is text", "Content-Type: text/plain\r\n")), 201);
  EXPECT_EQ(status_of(post("/orders", "", "Content-Type: text/plain\r\n")), 201);
}

TEST_F(Publish, WhatTheRelaySaysIsPassedOn) {
  auto client = connect();
  for (const auto& [reason, status] :
       {std::pair{errc::journal_unavailable, 503}, std::pair{errc::outcome_unknown, 503},
        std::pair{errc::too_many_publishes, 503}, std::pair{errc::idempotency_key_reused, 422},
        std::pair{errc::shutting_down, 503}, std::pair{errc::internal, 500}}) {
    door.plays({.receipt = result<publish_receipt>(reason)});
    const auto answer = client.ask(post("/orders", "1"));
    EXPECT_EQ(answer.status, status) << name_of(reason);
    EXPECT_EQ(answer.has("Retry-After"), status == 503) << name_of(reason);
    EXPECT_EQ(refused_for(reason), 1u) << name_of(reason);
  }
}

TEST_F(Publish, ATopicThatIsNotKnownYetIsNotALostOne) {
  door.plays({.topics = errc::journal_unavailable});
  EXPECT_EQ(status_of(post("/orders", "1")), 503);
}

TEST_F(Publish, PagesOfListedOriginsMayReadTheRefusal) {
  config with_origin = configuration;
  with_origin.http.cors_origins = {"https://a.example"};
  http::http_server other(http::services{with_origin, door, counted, {}, {}});
  other.start();
  const auto answer =
      http_client(other.port()).ask(post("/orders", "{", "Origin: https://a.example\r\n"));
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://a.example");
  other.stop();
}

}  // namespace
}  // namespace event_relay::test
