#include "actors/holder_fixture.hpp"

namespace event_relay {
namespace {

class Holder : public test::holder_fixture {
 protected:
  std::uint64_t closed_for(close_reason reason) const {
    return counted.streams_closed[static_cast<std::size_t>(reason)];
  }
  /// How many handlers the holder tells of what was added.
  std::size_t woken() {
    EXPECT_EQ(scheduler.jobs.size(), 1u);
    scheduler.run_once();
    const auto handlers = scheduler.jobs.size();
    run();
    return handlers;
  }
};

TEST_F(Holder, KnowsEveryHandlerAndForgetsThoseThatEnd) {
  std::vector<client_ptr> clients;
  for (std::size_t i = 1; i <= 10; ++i) {
    clients.push_back(connect());
    EXPECT_EQ(held(), i);
  }
  for (std::size_t i = 0; i < 10; ++i) {
    clients[i]->leave();
    run();
    EXPECT_EQ(held(), 9 - i);
  }
  EXPECT_EQ(system.registry().running(), running_before + 2);  // itself and the reader
}

TEST_F(Holder, ForgetsAHandlerThatFailed) {
  auto client = connect();
  auto other = connect();
  client->explodes = true;
  publish(1);
  EXPECT_EQ(held(), 1u);
  EXPECT_TRUE(client->destroyed);
  EXPECT_EQ(closed_for(close_reason::failed), 1u);
  EXPECT_EQ(other->received, "head" + log.stream(0, nullptr, sse::body_framing::chunked));
}

TEST_F(Holder, ForgetsAHandlerWhoseFirstWriteFailed) {
  auto client = send_open();
  client->broken = true;
  run();
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(closed_for(close_reason::write_failed), 1u);
}

TEST_F(Holder, ForgetsAHandlerThatFailedAtOnce) {
  auto client = send_open();
  client->explodes = true;
  run();
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(closed_for(close_reason::failed), 1u);
  connect();
  EXPECT_EQ(held(), 1u);
}

TEST_F(Holder, WakesOnlyThoseWhomAnEventConcerns) {
  const auto everything = connect();
  const auto of_type = connect(std::make_shared<filter>(filter{{}, {"created"}}));
  const auto first = connect(topic_only(1));
  const auto second = connect(topic_only(2));
  const auto both = connect(std::make_shared<filter>(filter{{topic_id{1}, topic_id{2}}, {}}));
  add(1, 1);
  EXPECT_EQ(woken(), 4u);  // not the second
  add(1, 3);
  EXPECT_EQ(woken(), 2u);
  add(1, 2);
  add(1, 2);
  EXPECT_EQ(woken(), 4u);
  EXPECT_EQ(second->received,
            "head" + log.on_wire(3, sse::body_framing::chunked) + log.on_wire(4, sse::body_framing::chunked));
  EXPECT_EQ(of_type->received, "head");
}

TEST_F(Holder, WakesAHandlerOnceUntilItHasLooked) {
  const auto client = connect();
  for (int i = 0; i < 5; ++i) {
    add(1);
    scheduler.prioritize(context.holder);
    scheduler.run_once();
  }
  EXPECT_EQ(scheduler.run(100), 1u);
  EXPECT_EQ(client->received, "head" + log.stream(0, nullptr, sse::body_framing::chunked));
  EXPECT_EQ(client->writes, 2);
}

TEST_F(Holder, DoesNotWakeWhoIsBlocked) {
  const auto client = connect();
  client->room = 3;
  publish(1);
  publish(1);  // claims the flag, which the handler clears only when it can write again
  add(1);
  EXPECT_EQ(woken(), 0u);
  client->take();
  run();
  EXPECT_EQ(client->received, "head" + log.stream(0, nullptr, sse::body_framing::chunked));
  add(1);
  EXPECT_EQ(woken(), 1u);
}

TEST_F(Holder, IsToldOnceHoweverOftenTheTailGrowsMeanwhile) {
  connect();
  add(1);
  add(1);
  add(1);
  EXPECT_EQ(woken(), 1u);
}

TEST_F(Holder, WakesEverybodyWhenHistoryChanges) {
  connect(topic_only(1));
  connect(topic_only(2));
  publish(3);
  log.fork(2);
  context.status.set_bounds(log.bounds());
  context.tail.restart(log.epoch(), 1);
  context.announce_advance();
  EXPECT_EQ(woken(), 2u);
}

TEST_F(Holder, WakesAllWithATopicWhenSoMuchCameThatItsBeginningLeftTheTail) {
  connect(topic_only(1));
  connect(topic_only(2));
  publish(1);
  for (int i = 0; i < 10; ++i) log.add(topic_id{1});
  context.tail.restart(log.epoch(), 8);  // events 2 to 8 are gone
  log.feed(context.tail);
  context.announce_advance();
  EXPECT_EQ(woken(), 2u);
}

TEST_F(Holder, WakesThroughManySegmentsOfTheTail) {
  connect(topic_only(2));
  for (int i = 0; i < 6'000; ++i) log.add(topic_id{1});
  add(1, 2);
  EXPECT_EQ(woken(), 1u);
}

TEST_F(Holder, ASubscriberOfAQuietTopicIsCarriedAlong) {
  const auto client = connect(topic_only(2));
  for (int round = 0; round < 10; ++round) publish(100, 1);
  context.tail.restart(log.epoch(), log.head());  // all of that has left the tail
  publish(1, 2);
  EXPECT_EQ(client->received, "head" + log.on_wire(log.head(), sse::body_framing::chunked));
  EXPECT_TRUE(asked.pages.empty());
}

TEST_F(Holder, RemindsOfHeartbeats) {
  const auto client = connect();
  const auto beat = sse::framed(sse::body_framing::chunked, ":heartbeat\n");
  pass(configuration.stream.heartbeat - tick());
  EXPECT_EQ(client->received, "head");
  pass(2 * tick());
  EXPECT_EQ(client->received, "head" + beat);
  pass(configuration.stream.heartbeat + tick());
  EXPECT_EQ(client->received, "head" + beat + beat);
}

TEST_F(Holder, RemindsOfTheClosedCheck) {
  const auto client = connect();
  client->there = false;
  pass(configuration.stream.closed_check + tick());
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(closed_for(close_reason::closed_check), 1u);
}

TEST_F(Holder, AReminderForWhoIsGoneReachesNobody) {
  connect()->leave();
  run();
  EXPECT_EQ(held(), 0u);
  pass(configuration.stream.closed_check * 2);
  EXPECT_EQ(counted.heartbeats, 0u);
}

}  // namespace
}  // namespace event_relay
