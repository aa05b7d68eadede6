#include "http/http_fixture.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::test {
namespace {

class PublishBatch : public http_fixture {
 protected:
  static std::string lines(std::string_view body, std::string_view more = {}, std::string_view target = "/orders") {
    return post(target, body, "Content-Type: application/x-ndjson\r\n" + std::string(more));
  }
  /// The refusal, as the client reads it.
  nlohmann::json refused(std::string_view body, int status, std::string_view more = {}) {
    const auto answer = connect().ask(lines(body, more));
    EXPECT_EQ(answer.status, status) << body.substr(0, 100);
    EXPECT_TRUE(door.idle());
    return nlohmann::json::parse(answer.body);
  }
};

TEST_F(PublishBatch, EveryLineIsAnEvent) {
  start();
  auto client = connect();
  client.send(lines("{\"n\":1}\n[2]\r\n\n\"drei\"", "", "/orders?type=created"));
  auto asked = door.next_batch();
  ASSERT_EQ(asked.events.size(), 3u);
  const std::vector<std::string> data{"{\"n\":1}", "[2]", "\"drei\""};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(asked.events[i].topic, topic_id{2});
    EXPECT_EQ(asked.events[i].type, "created");
    EXPECT_EQ(asked.events[i].idempotency_key, "");
    EXPECT_EQ(asked.events[i].data, data[i]);
  }
  asked.done(batch_receipt{{4711, 7}, {4711, 9}});
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Location"), "/events/4711-7");
  EXPECT_EQ(answer.body, R"({"first":"4711-7","last":"4711-9","count":3,"topic":"orders","duplicate":false})");
}

TEST_F(PublishBatch, EachEventHasAKeyMadeFromThatOfTheWhole) {
  start();
  auto client = connect();
  client.send(lines("1\n\n2\n", "Idempotency-Key: k\r\n"));
  auto asked = door.next_batch();
  ASSERT_EQ(asked.events.size(), 2u);
  EXPECT_EQ(asked.events[0].idempotency_key, "k#1/2");
  EXPECT_EQ(asked.events[1].idempotency_key, "k#last");
  asked.done(batch_receipt{{4711, 1}, {4711, 2}, true});
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(nlohmann::json::parse(answer.body).at("duplicate"), true);
}

TEST_F(PublishBatch, ARefusalNamesTheLine) {
  configuration.publish.max_event_bytes = 8;
  start();
  EXPECT_EQ(refused("1\n2\n{\n4", 400).at("line"), 3);
  EXPECT_EQ(refused("1\r\n\r\n\xff", 422).at("line"), 3);
  EXPECT_EQ(refused(std::string("1\n\0", 3), 422).at("line"), 2);
  const auto too_large = refused("1\n\"23456789\"\n3", 413);
  EXPECT_EQ(too_large.at("type"), "urn:event-relay:problem:data_too_large");
  EXPECT_EQ(too_large.at("line"), 2);
  EXPECT_EQ(too_large.at("limit"), 8);
  EXPECT_EQ(too_large.at("field"), "body");
}

TEST_F(PublishBatch, HasALimitOfEvents) {
  configuration.publish.max_request_events = 3;
  start();
  const auto wrong = refused("1\n2\n\n3\n4\n", 413);
  EXPECT_EQ(wrong.at("type"), "urn:event-relay:problem:too_many_events");
  EXPECT_EQ(wrong.at("line"), 5);
  EXPECT_EQ(wrong.at("limit"), 3);
  door.plays({.batch = batch_receipt{{4711, 1}, {4711, 3}}});
  EXPECT_EQ(connect().ask(lines("1\n2\n\n3\n\n")).status, 201);
}

TEST_F(PublishBatch, HasALimitOfBytesOfItsOwn) {
  configuration.publish.max_event_bytes = 4;
  configuration.publish.max_request_bytes = 20;
  start();
  const std::string body = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10";  // 20 bytes
  const auto wrong = refused(body + "1", 413);
  EXPECT_EQ(wrong.at("type"), "urn:event-relay:problem:batch_too_large");
  EXPECT_EQ(wrong.at("limit"), 20);
  const auto chunked = connect().ask(
      "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
      "15\r\n" + body + "1\r\n0\r\n\r\n");
  EXPECT_EQ(chunked.status, 413);
  EXPECT_EQ(nlohmann::json::parse(chunked.body).at("type"), "urn:event-relay:problem:batch_too_large");
  door.plays({.batch = batch_receipt{{4711, 1}, {4711, 10}}});
  EXPECT_EQ(connect().ask(lines(body)).status, 201);
}

TEST_F(PublishBatch, OfNothingIsRefused) {
  start();
  EXPECT_EQ(refused("", 400).at("type"), "urn:event-relay:problem:no_events");
  EXPECT_EQ(refused("\n\r\n\n", 400).at("type"), "urn:event-relay:problem:no_events");
}

TEST_F(PublishBatch, WhatIsWrongWithTheHeaderIsFoundAsEver) {
  start();
  refused("1", 400, "Event-Type: relay.reset\r\n");
  refused("1", 400, "Idempotency-Key:\r\n");
  EXPECT_EQ(connect().ask(lines("1", "", "/unheard-of")).status, 404);
}

TEST_F(PublishBatch, WhatTheRelaySaysIsPassedOn) {
  start();
  for (const auto& [reason, status] : {std::pair{errc::journal_unavailable, 503}, {errc::outcome_unknown, 503},
                                       {errc::too_many_publishes, 503}, {errc::idempotency_key_reused, 422}}) {
    door.plays({.batch = result<batch_receipt>(reason)});
    EXPECT_EQ(connect().ask(lines("1\n2")).status, status) << name_of(reason);
  }
}

}  // namespace
}  // namespace event_relay::test
