#include "actors/handler_fixture.hpp"

#include <gmock/gmock.h>

// How a stream ends: always once, counted, and with the socket closed the right way.
namespace event_relay {
namespace {

using ending = client_stream::ending;
using testing::MatchesRegex;

class HandlerEnd : public test::handler_fixture {
 protected:
  HandlerEnd() { open_tail(); }
  void expect_ended(close_reason reason, ending how) {
    EXPECT_TRUE(gone());
    EXPECT_EQ(client->ending, how);
    EXPECT_EQ(closed_for(reason), 1u);
    std::uint64_t all = 0;
    for (const auto& count : counted.streams_closed) all += count;
    EXPECT_EQ(all, 1u);
  }
  std::chrono::milliseconds check() const { return configuration.stream.closed_check; }
  std::string after_head() const { return client->received.substr(4); }
};

constexpr auto chunked_farewell = "c\r\nretry: [0-9]{4}\n\r\n0\r\n\r\n";

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

TEST_F(HandlerEnd, MaxAgeClosesWithAReconnectionTimeAndTheLastChunk) {
  configuration.stream.max_age = std::chrono::minutes(1);
  connect();
  publish(1);
  configuration.stream.heartbeat = std::chrono::hours(1);
  tell(turn_atom::value, turn::max_age);
  EXPECT_THAT(after_head().substr(stream(0).size()), MatchesRegex(chunked_farewell));
  expect_ended(close_reason::max_age, ending::orderly);
}

TEST_F(HandlerEnd, MaxAgeIsMetByAFifth) {
  configuration.stream.max_age = std::chrono::seconds(10);
  connect();
  pass(std::chrono::milliseconds(7'999));
  EXPECT_FALSE(gone());
  pass(std::chrono::milliseconds(4'001));
  EXPECT_TRUE(gone());
}

TEST_F(HandlerEnd, NoMaxAgeIsNoReminder) {
  connect();
  EXPECT_EQ(waiting_for(turn::max_age), 0u);
}

TEST_F(HandlerEnd, DrainedInHttp10ItSaysWhenToComeBack) {
  framing = sse::body_framing::close_delimited;
  connect();
  tell(turn_atom::value, turn::drain);
  EXPECT_THAT(after_head(), MatchesRegex("retry: [0-9]{4}\n"));
  expect_ended(close_reason::drained, ending::orderly);
}

TEST_F(HandlerEnd, DrainedInTheMiddleOfAFrameItFinishesTheFrameFirst) {
  connect();
  client->room = 7;
  publish(3);
  tell(turn_atom::value, turn::drain);
  EXPECT_FALSE(gone());
  tell(turn_atom::value, turn::drain);  // asked twice, answered once
  client->take();
  run();
  const auto first = log.on_wire(1, framing);
  EXPECT_TRUE(after_head().starts_with(first));
  EXPECT_THAT(after_head().substr(first.size()), MatchesRegex(chunked_farewell));
  expect_ended(close_reason::drained, ending::orderly);
}

TEST_F(HandlerEnd, DrainedWhileItsFarewellIsHalfWrittenItWritesNothingElse) {
  connect();
  client->room = 4;
  tell(turn_atom::value, turn::drain);
  publish(2);
  pass(configuration.stream.heartbeat);
  client->take();
  run();
  EXPECT_THAT(after_head(), MatchesRegex(chunked_farewell));
  expect_ended(close_reason::drained, ending::orderly);
}

TEST_F(HandlerEnd, DrainedBeforeTheJournalWasOpenItEnds) {
  context.tail.restart(0, 0);
  connect();
  tell(turn_atom::value, turn::drain);
  expect_ended(close_reason::drained, ending::orderly);
}

TEST_F(HandlerEnd, DrainedWhileAPageIsAwaitedItEnds) {
  for (int i = 0; i < 4; ++i) log.add();
  open_tail();
  connect(sse::start_earliest{});
  tell(turn_atom::value, turn::drain);
  expect_ended(close_reason::drained, ending::orderly);
  EXPECT_THAT(after_head(), MatchesRegex(chunked_farewell));
}

TEST_F(HandlerEnd, AStalledDrainCanBeCutOff) {
  connect();
  client->room = 4;
  tell(turn_atom::value, turn::drain);
  tell(stop_atom::value, close_reason::forced);
  expect_ended(close_reason::forced, ending::abrupt);
}

}  // namespace
}  // namespace event_relay
