#include "http/http_fixture.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::test {
namespace {

using nlohmann::json;

constexpr auto structured = "Content-Type: application/cloudevents+json\r\n";
constexpr auto batch = "Content-Type: application/cloudevents-batch+json; charset=utf-8\r\n";
constexpr auto attributes = "ce-specversion: 1.0\r\nCe-Id: 1\r\nCE-SOURCE: /them\r\nce-type: made\r\n";

std::string event(std::string_view id, std::string_view more = {}) {
  return R"({"specversion":"1.0","id":")" + std::string(id) + R"(","source":"/them","type":"made")" +
         std::string(more) + "}";
}

class PublishCloudEvent : public http_fixture {
 protected:
  /// What the relay is asked to store.
  new_event stored(std::string_view body, std::string_view headers) {
    start();
    auto client = connect();
    client.send(post("/orders", body, headers));
    auto asked = door.next_publish();
    asked.done(stored_at(7));
    EXPECT_EQ(client.read_answer().status, 201);
    return std::move(asked.event);
  }
  /// The refusal, as the client reads it.
  json refused(std::string_view body, std::string_view headers, int status = 400) {
    const auto answer = connect().ask(post("/orders", body, headers));
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_TRUE(door.idle());
    return json::parse(answer.body);
  }
  static std::string type(std::string_view name) { return "urn:event-relay:problem:" + std::string(name); }
};

TEST_F(PublishCloudEvent, Structured) {
  const auto made = stored(event("1", R"(,"data":{ "n":1.0 })"), structured);
  EXPECT_EQ(made.topic, topic_id{2});
  EXPECT_EQ(made.type, "made");
  EXPECT_EQ(made.data, R"({ "n":1.0 })");
  EXPECT_EQ(made.attributes, R"({"id":"1","source":"/them"})");
  EXPECT_EQ(made.idempotency_key, "ce:/them 1");
}

TEST_F(PublishCloudEvent, Binary) {
  const auto made = stored(R"({ "n":1.0 })", std::string(attributes) + "ce-subject: a%20b\r\n");
  EXPECT_EQ(made.type, "made");
  EXPECT_EQ(made.data, R"({ "n":1.0 })");
  EXPECT_EQ(made.attributes, R"({"id":"1","source":"/them","subject":"a b"})");
  EXPECT_EQ(made.idempotency_key, "ce:/them 1");
}

TEST_F(PublishCloudEvent, LinesWithAttributesInTheHeadersAreNoBatch) {
  start();
  const auto problem = refused("1\n2", std::string(attributes) + "Content-Type: application/x-ndjson\r\n", 415);
  EXPECT_EQ(problem.at("field"), "Content-Type");
}

TEST_F(PublishCloudEvent, BinaryWithItsContentType) {
  const auto made = stored("a\nb", std::string(attributes) + "Content-Type: text/csv\r\n");
  EXPECT_EQ(made.data, "a\nb");
  EXPECT_EQ(made.attributes, R"({"id":"1","source":"/them","datacontenttype":"text/csv"})");
}

TEST_F(PublishCloudEvent, BinaryWithoutData) { EXPECT_EQ(stored("", attributes).data, ""); }

TEST_F(PublishCloudEvent, TheReceiptIsThatOfAnyEvent) {
  start();
  door.plays({.receipt = publish_receipt{{4711, 3}, true}});
  const auto answer = connect().ask(post("/orders", event("1"), structured));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"id":"4711-3","position":3,"topic":"orders","type":"made","duplicate":true})");
}

TEST_F(PublishCloudEvent, WhatIsWrongIsNamed) {
  start();
  EXPECT_EQ(refused("{}", structured).at("field"), "specversion");
  EXPECT_EQ(refused("{}", structured).at("type"), type("bad_cloud_event"));
  EXPECT_EQ(refused("[]", structured).at("field"), "body");
  EXPECT_EQ(refused("{", structured).at("type"), type("data_is_not_json"));
  EXPECT_EQ(refused("", structured).at("field"), "body");
  EXPECT_EQ(refused(event("1", R"(,"time":"noon")"), structured).at("field"), "time");
  EXPECT_EQ(refused(event("1", R"(,"data":1,"data":2)"), structured).at("field"), "data");
  EXPECT_FALSE(refused(event("1", R"(,"time":"noon")"), structured).contains("index"));
}

TEST_F(PublishCloudEvent, WhatIsWrongInAHeaderIsNamedAsTheHeader) {
  start();
  EXPECT_EQ(refused("1", "ce-specversion: 1.0\r\n").at("field"), "ce-id");
  EXPECT_EQ(refused("1", "ce-id: 1\r\n").at("field"), "ce-specversion");
  EXPECT_EQ(refused("1", std::string(attributes) + "ce-time: noon\r\n").at("field"), "ce-time");
  EXPECT_EQ(refused("1", std::string(attributes) + "ce-subject: %zz\r\n").at("field"), "ce-subject");
  EXPECT_EQ(refused("1", std::string(attributes) + "ce-id: 2\r\n").at("field"), "ce-id");
  EXPECT_EQ(refused("{", attributes).at("field"), "body");
  const auto reserved = refused("1", "ce-specversion: 1.0\r\nce-id: 1\r\nce-source: /\r\nce-type: relay.reset\r\n");
  EXPECT_EQ(reserved.at("field"), "ce-type");
  EXPECT_EQ(reserved.at("type"), type("reserved_event_type"));
}

TEST_F(PublishCloudEvent, BatchIsStoredAsOne) {
  start();
  auto client = connect();
  client.send(post("/orders", "[" + event("1", R"(,"data":1.0)") + ",\n" + event("2") + "]", batch));
  auto asked = door.next_batch();
  EXPECT_EQ(asked.how, known_keys::never_reused);
  ASSERT_EQ(asked.events.size(), 2u);
  EXPECT_EQ(asked.events[0].data, "1.0");
  EXPECT_EQ(asked.events[0].topic, topic_id{2});
  EXPECT_EQ(asked.events[1].idempotency_key, "ce:/them 2");
  asked.done(batch_receipt{{4711, 9}, {4711, 4}, false, {{4711, 9}, {4711, 4}}, 1});
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Location"), "/events/4711-9");
  EXPECT_EQ(json::parse(answer.body), json::parse(R"({"ids":["4711-9","4711-4"],"duplicates":1,"count":2,
                                                      "topic":"orders","duplicate":false})"));
}

TEST_F(PublishCloudEvent, OfABatchTheIndexIsNamedToo) {
  configuration.publish.max_event_bytes = 8;
  start();
  const auto wrong = refused("[" + event("1") + "," + event("2", R"(,"time":"noon")") + "]", batch);
  EXPECT_EQ(wrong.at("index"), 1);
  EXPECT_EQ(wrong.at("field"), "time");
  const auto no_event = refused("[" + event("1") + ", 5]", batch);
  EXPECT_EQ(no_event.at("index"), 1);
  EXPECT_EQ(no_event.at("field"), "body");
  const auto large = refused("[" + event("1", R"(,"data":"12345678")") + "]", batch, 413);
  EXPECT_EQ(large.at("index"), 0);
  EXPECT_EQ(large.at("limit"), 8);
  const auto twice = refused("[" + event("1") + "," + event("2") + "," + event("1") + "]", batch, 422);
  EXPECT_EQ(twice.at("index"), 2);
  EXPECT_EQ(twice.at("field"), "id");
  EXPECT_EQ(twice.at("type"), type("idempotency_key_reused"));
}

TEST_F(PublishCloudEvent, ABatchIsAnArrayOfSome) {
  configuration.publish.max_request_events = 2;
  start();
  EXPECT_EQ(refused("{}", batch).at("field"), "body");
  EXPECT_EQ(refused("[", batch).at("type"), type("data_is_not_json"));
  EXPECT_EQ(refused("[ ]", batch).at("type"), type("no_events"));
  const auto many = refused("[" + event("1") + "," + event("2") + "," + event("3") + "]", batch, 413);
  EXPECT_EQ(many.at("type"), type("too_many_events"));
  EXPECT_EQ(many.at("limit"), 2);
}

}  // namespace
}  // namespace event_relay::test
