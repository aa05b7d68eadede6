#include "actors/handler_fixture.hpp"

#include "event_relay/sse/frame.hpp"

#include <gmock/gmock.h>

namespace event_relay {
namespace {

using testing::HasSubstr;

consumer_keeper_actor::behavior_type scripted_keeper(consumer_keeper_actor::pointer self,
                                                     std::vector<claim_request_ptr>* claims) {
  return {
      [claims](claim_atom, const claim_request_ptr& claim) { claims->push_back(claim); },
      [](consumer_atom, const consumer_command_ptr&) {},
      [](tick_atom) {},
      [](survey_atom) {},
      [self](stop_atom) { self->quit(); },
  };
}

// The reader of a named consumer, whose place somebody else keeps.
class HandlerConsumer : public test::handler_fixture {
 protected:
  HandlerConsumer() {
    context.consumers = system.spawn(scripted_keeper, &claims);
    named = "lending";
    for (int i = 0; i < 5; ++i) log.add();
    open_tail();
  }
  void release() override {
    claims.clear();
    caf::anon_send(context.consumers, stop_atom::value);
    handler_fixture::release();
  }
  void answer_claim(position_t cursor) {
    tell(claim_atom::value, consumer_ptr(std::make_shared<consumer>(consumer{"lending", {log.epoch(), cursor}, 1, {}, {}})));
    answer_pages();
  }

  std::vector<claim_request_ptr> claims;
};

TEST_F(HandlerConsumer, AsksWhereToGoOnAndWritesNothingBefore) {
  connect(sse::start_earliest{});
  publish(1);
  ASSERT_EQ(claims.size(), 1u);
  EXPECT_EQ(claims[0]->consumer, "lending");
  EXPECT_TRUE(std::holds_alternative<sse::start_earliest>(claims[0]->first));
  EXPECT_EQ(client->received, "head");
  answer_claim(3);
  EXPECT_EQ(client->received, "head" + stream(3));
}

TEST_F(HandlerConsumer, ASocketThatWasFullMeanwhileChangesNothing) {
  client->room = 2;
  connect(sse::start_earliest{});
  ASSERT_TRUE(client->blocked());
  client->take();
  run();
  publish(1);
  EXPECT_EQ(client->received, "head");
  answer_claim(3);
  EXPECT_EQ(client->received, "head" + stream(3));
}

TEST_F(HandlerConsumer, AClaimThatIsAnsweredToAFullSocketCountsWhenThereIsRoom) {
  client->room = 2;
  connect(sse::start_earliest{});
  answer_claim(3);
  client->take();
  run();
  answer_pages();
  EXPECT_EQ(client->received, "head" + stream(3));
}

TEST_F(HandlerConsumer, WaitsWithHeartbeats) {
  connect();
  pass(configuration.stream.heartbeat);
  EXPECT_EQ(client->received, "head" + framed(sse::heartbeat));
}

TEST_F(HandlerConsumer, IsToldThatAnotherHasTakenOverAndToComeBackLate) {
  connect();
  answer_claim(5);
  tell(superseded_atom::value, supersession::another_reader);
  EXPECT_THAT(client->received, HasSubstr("event: relay.superseded\ndata: {\"consumer\":\"lending\",\"reason\":"
                                          "\"another_reader\"}\nid: 7-5\n\n"));
  const auto retry = client->received.find("retry: ");
  ASSERT_NE(retry, std::string::npos);
  EXPECT_GE(std::stoi(client->received.substr(retry + 7)), 20'000);
  EXPECT_TRUE(client->received.ends_with(sse::last_chunk));
  EXPECT_EQ(closed_for(close_reason::superseded), 1u);
  EXPECT_TRUE(gone());
}

TEST_F(HandlerConsumer, AfterAResetItMayComeBackAtOnce) {
  connect();
  answer_claim(5);
  tell(superseded_atom::value, supersession::reset);
  EXPECT_THAT(client->received, HasSubstr("\"reason\":\"reset\""));
  EXPECT_EQ(client->received.find("retry: "), std::string::npos);
  EXPECT_EQ(closed_for(close_reason::superseded), 1u);
}

}  // namespace
}  // namespace event_relay
