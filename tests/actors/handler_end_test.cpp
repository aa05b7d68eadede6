#include "actors/end_fixture.hpp"

// How a stream ends when it is not asked to: always once, counted, and with the socket closed at once.
namespace event_relay {
namespace {

using ending = client_stream::ending;

class HandlerEnd : public test::end_fixture {};

TEST_F(HandlerEnd, AtOnceWhenTheClientLeaves) {
  connect();
  client->leave();
  run();
  expect_ended(close_reason::peer_closed, ending::abrupt);
}

TEST_F(HandlerEnd, WhenTheClientSendsTooMuch) {
  connect();
  client->leave(true);
  run();
  expect_ended(close_reason::too_much_input, ending::abrupt);
}

TEST_F(HandlerEnd, WhenAWriteFails) {
  connect();
  client->broken = true;
  publish(1);
  expect_ended(close_reason::write_failed, ending::abrupt);
}

TEST_F(HandlerEnd, WhenTheVeryFirstWriteFails) {
  client->broken = true;
  connect();
  expect_ended(close_reason::write_failed, ending::abrupt);
}

TEST_F(HandlerEnd, WhenItIsStopped) {
  connect();
  tell(stop_atom::value, close_reason::forced);
  expect_ended(close_reason::forced, ending::abrupt);
}

TEST_F(HandlerEnd, NothingIsWrittenAfterTheEnd) {
  connect();
  client->leave();
  caf::anon_send(handler, turn_atom::value, turn::heartbeat);
  caf::anon_send(handler, stop_atom::value, close_reason::forced);
  publish(1);
  EXPECT_EQ(client->received, "head");
  expect_ended(close_reason::peer_closed, ending::abrupt);
}

TEST_F(HandlerEnd, TheClosedCheckFindsAClientThatIsGone) {
  connect();
  client->there = false;
  pass(check() - std::chrono::milliseconds(1));
  EXPECT_FALSE(gone());
  pass(std::chrono::milliseconds(1));
  expect_ended(close_reason::closed_check, ending::abrupt);
}

TEST_F(HandlerEnd, TheClosedCheckIsRepeated) {
  connect();
  pass(check() * 4);
  EXPECT_FALSE(gone());
  EXPECT_EQ(waiting_for(turn::closed_check), 1u);
  client->there = false;
  pass(check());
  expect_ended(close_reason::closed_check, ending::abrupt);
}

TEST_F(HandlerEnd, AClientThatTakesNothingForTooLongIsClosed) {
  connect();
  client->room = 5;
  publish(1);
  pass(configuration.stream.stall_timeout - std::chrono::milliseconds(1));
  EXPECT_FALSE(gone());
  pass(check());
  expect_ended(close_reason::stalled, ending::abrupt);
}

TEST_F(HandlerEnd, AClientThatTakesLittleButOftenIsNotStalled) {
  connect();
  client->room = 0;
  publish(1);
  for (int i = 0; i < 20; ++i) {
    pass(configuration.stream.stall_timeout / 2);
    client->take(1);
    run();
  }
  EXPECT_FALSE(gone());
}

TEST_F(HandlerEnd, AClientThatCouldTakeSomethingAndDoesNotIsStalled) {
  connect();
  client->room = 0;
  publish(1);
  for (int i = 0; i < 8; ++i) {
    pass(configuration.stream.stall_timeout / 4);
    client->take(0);
    run();
  }
  expect_ended(close_reason::stalled, ending::abrupt);
}

TEST_F(HandlerEnd, AnIdleClientIsNotStalled) {
  configuration.stream.heartbeat = configuration.stream.stall_timeout * 5;
  connect();
  pass(configuration.stream.stall_timeout * 3);
  EXPECT_FALSE(gone());
}

TEST_F(HandlerEnd, AStalledReplayGivesItsPageBack) {
  for (int i = 0; i < 4; ++i) log.add();
  context.tail.restart(log.epoch(), log.head());
  tell_bounds();
  connect(sse::start_earliest{});
  client->room = 5;
  const std::weak_ptr<const log_segment> page = [this] {
    auto answer = std::make_shared<replay_page>();
    answer->epoch = log.epoch();
    answer->events = log.page(0, 4);
    const std::weak_ptr<const log_segment> segment = answer->events;
    tell(page_atom::value, replay_page_ptr(std::move(answer)));
    return segment;
  }();
  EXPECT_FALSE(page.expired());
  pass(check());
  EXPECT_TRUE(page.expired());
  asked.pages.clear();
  client->take();
  run();
  answer_pages();
  EXPECT_EQ(after_head(), stream(0));
}

}  // namespace
}  // namespace event_relay
