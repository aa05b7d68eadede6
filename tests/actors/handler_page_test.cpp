#include "actors/handler_fixture.hpp"

#include <nlohmann/json.hpp>

// Streams that have an end: pages, which take what there is, and those with a limit or a last time.
namespace event_relay {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ending = client_stream::ending;
using strings = std::vector<std::string>;

class HandlerPage : public test::handler_fixture {
 protected:
  HandlerPage() {
    framing = sse::body_framing::close_delimited;
    form.as = envelope::page;
    configuration.stream.closed_check = 24h;
  }
  void add(int events, topic_id topic = topic_id{1}) {
    for (int i = 0; i < events; ++i) log.add(topic);
  }
  std::string body() const { return client->received.substr(std::string_view("head").size()); }
  /// Once it has ended.
  json page() const {
    EXPECT_EQ(client->ending, ending::orderly);
    EXPECT_EQ(closed_for(close_reason::complete), 1u);
    return json::parse(body(), nullptr, false);
  }
  static strings ids_of(const json& page) {
    strings ids;
    for (const auto& event : page.at("events")) ids.push_back(event.at("id"));
    return ids;
  }
};

TEST_F(HandlerPage, EndsAtTheHeadWithWhatThereIs) {
  add(3);
  open_tail();
  connect(sse::start_earliest{});
  EXPECT_TRUE(asked.metadata);
  answer_pages(2);
  EXPECT_EQ(ids_of(page()), (strings{"7-1", "7-2", "7-3"}));
  EXPECT_EQ(page().at("next"), "7-3");
}

TEST_F(HandlerPage, OfNothingEndsAtOnceWithoutPatience) {
  open_tail();
  connect(sse::start_earliest{});
  EXPECT_EQ(page(), (json{{"events", json::array()}, {"next", "7-0"}}));
}

TEST_F(HandlerPage, OfWhatIsFilteredLeadsOn) {
  add(3);
  open_tail();
  connect(sse::start_earliest{}, std::make_shared<filter>(filter{{topic_id{2}}, {}}));
  answer_pages(2);
  EXPECT_EQ(page(), (json{{"events", json::array()}, {"next", "7-3"}}));
}

TEST_F(HandlerPage, WaitsForItsFirstEventAndThenEnds) {
  form.patience = 10s;
  open_tail();
  connect();
  pass(9s);
  EXPECT_FALSE(gone());
  publish(2);
  EXPECT_EQ(ids_of(page()), (strings{"7-1", "7-2"}));
}

TEST_F(HandlerPage, WaitsNoLongerThanItsPatience) {
  form.patience = 10s;
  open_tail();
  connect();
  pass(9'999ms);
  EXPECT_FALSE(gone());
  pass(1ms);
  EXPECT_EQ(page().at("next"), "7-0");
}

TEST_F(HandlerPage, ThatHasEventsAtOnceDoesNotWait) {
  form.patience = 10s;
  add(1);
  open_tail();
  connect(sse::start_earliest{});
  answer_pages();
  EXPECT_EQ(ids_of(page()), strings{"7-1"});
}

TEST_F(HandlerPage, WhatIsNotWantedDoesNotEndItsWait) {
  form.patience = 10s;
  open_tail();
  connect(sse::start_live{}, std::make_shared<filter>(filter{{topic_id{2}}, {}}));
  publish(3, topic_id{1});
  EXPECT_FALSE(gone());
  publish(1, topic_id{2});
  EXPECT_EQ(ids_of(page()), strings{"7-4"});
}

TEST_F(HandlerPage, HasHeartbeatsThatLeaveItWhole) {
  form.patience = configuration.stream.heartbeat * 4;
  open_tail();
  connect();
  pass(configuration.stream.heartbeat * 3);
  EXPECT_EQ(counted.heartbeats, 3u);
  publish(1);
  EXPECT_EQ(ids_of(page()), strings{"7-1"});
}

TEST_F(HandlerPage, EndsAtItsLimitAndLeadsOnFromThere) {
  form.limit = 2;
  add(5);
  open_tail();
  connect(sse::start_earliest{});
  answer_pages();
  EXPECT_EQ(ids_of(page()), (strings{"7-1", "7-2"}));
  EXPECT_EQ(page().at("next"), "7-2");
}

TEST_F(HandlerPage, AWordOfTheRelayIsNotOneOfItsLimit) {
  form.limit = 2;
  add(3);
  open_tail();
  connect(sse::start_after{99, 5, "99-5"});
  answer_bounds();
  answer_pages();
  EXPECT_EQ(ids_of(page()), (strings{"7-0", "7-1", "7-2"}));
  EXPECT_EQ(page().at("events").at(0).at("type"), "relay.reset");
}

TEST_F(HandlerPage, ThatIsDrainedIsWholeAllTheSame) {
  form.patience = 10s;
  open_tail();
  connect();
  tell(turn_atom::value, turn::drain);
  EXPECT_EQ(closed_for(close_reason::drained), 1u);
  EXPECT_EQ(json::parse(body()), (json{{"events", json::array()}, {"next", "7-0"}}));
}

TEST_F(HandlerPage, ThatIsDrainedHalfWrittenIsWholeAndLeadsOn) {
  form.limit = 100;
  add(3);
  open_tail();
  client->room = 60;
  connect(sse::start_earliest{});
  answer_page(0, 2);
  ASSERT_TRUE(client->blocked());
  tell(turn_atom::value, turn::drain);
  client->take();
  run();
  const auto read = json::parse(body());
  EXPECT_EQ(ids_of(read), (strings{"7-1", "7-2"}));
  EXPECT_EQ(read.at("next"), "7-2");
}

TEST_F(HandlerPage, InChunksEndsWithTheLastChunk) {
  framing = sse::body_framing::chunked;
  open_tail();
  connect(sse::start_earliest{});
  EXPECT_EQ(body(), framed("{\"events\":[") + framed("\n],\"next\":\"7-0\"}\n") + "0\r\n\r\n");
}

TEST_F(HandlerPage, WhileTheJournalIsAwayEndsWhenItsPatienceDoes) {
  form.patience = 10s;
  connect(sse::start_earliest{});
  pass(9s);
  EXPECT_FALSE(gone());
  pass(1s);
  EXPECT_EQ(page(), (json{{"events", json::array()}, {"next", nullptr}}));
}

TEST_F(HandlerPage, WhileTheJournalIsAwayLeadsOnFromWhereItIs) {
  form.patience = 10s;
  add(5);
  open_tail();
  connect(sse::start_earliest{});
  answer_page(0, 2);
  context.status.readable = false;
  pass(10s);
  EXPECT_EQ(ids_of(page()), (strings{"7-1", "7-2"}));
  EXPECT_EQ(page().at("next"), "7-2");
}

TEST_F(HandlerPage, WithoutPatienceDoesNotWaitForAJournalThatIsAway) {
  connect(sse::start_earliest{});
  EXPECT_TRUE(page().at("next").is_null());
}

TEST_F(HandlerPage, WithoutPatienceDoesNotAskForAPageOfAJournalThatIsAway) {
  add(5);
  open_tail();
  context.status.readable = false;
  connect(sse::start_earliest{});
  EXPECT_EQ(page(), (json{{"events", json::array()}, {"next", "7-0"}}));
}

TEST_F(HandlerPage, WhileTheJournalIsSlowWaitsForIt) {
  form.patience = 10s;
  add(2);
  open_tail();
  connect(sse::start_earliest{});
  pass(60s);
  EXPECT_FALSE(gone());
  answer_pages();
  EXPECT_EQ(ids_of(page()), (strings{"7-1", "7-2"}));
}

TEST_F(HandlerPage, OfCloudEventsIsAnArray) {
  form.as = envelope::feed;
  form.cloud_events = true;
  add(2);
  open_tail();
  connect(sse::start_earliest{});
  answer_pages();
  const auto feed = page();
  ASSERT_EQ(feed.size(), 2u);
  EXPECT_EQ(feed.at(1).at("id"), "7-2");
}

}  // namespace
}  // namespace event_relay
