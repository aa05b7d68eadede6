#include "actors/end_fixture.hpp"

#include <gmock/gmock.h>

// How a stream ends on purpose: on a frame boundary, with the time to come back after.
namespace event_relay {
namespace {

using ending = client_stream::ending;
using testing::MatchesRegex;

class HandlerDrain : public test::end_fixture {};

constexpr auto chunked_farewell = "c\r\nretry: [0-9]{4}\n\r\n0\r\n\r\n";

TEST_F(HandlerDrain, MaxAgeClosesWithAReconnectionTimeAndTheLastChunk) {
  configuration.stream.max_age = std::chrono::minutes(1);
  connect();
  publish(1);
  configuration.stream.heartbeat = std::chrono::hours(1);
  tell(turn_atom::value, turn::max_age);
  EXPECT_THAT(after_head().substr(stream(0).size()), MatchesRegex(chunked_farewell));
  expect_ended(close_reason::max_age, ending::orderly);
}

TEST_F(HandlerDrain, MaxAgeIsMetByAFifth) {
  configuration.stream.max_age = std::chrono::seconds(10);
  connect();
  pass(std::chrono::milliseconds(7'999));
  EXPECT_FALSE(gone());
  pass(std::chrono::milliseconds(4'001));
  EXPECT_TRUE(gone());
}

TEST_F(HandlerDrain, NoMaxAgeIsNoReminder) {
  connect();
  EXPECT_EQ(waiting_for(turn::max_age), 0u);
}

TEST_F(HandlerDrain, DrainedInHttp10ItSaysWhenToComeBack) {
  framing = sse::body_framing::close_delimited;
  connect();
  tell(turn_atom::value, turn::drain);
  EXPECT_THAT(after_head(), MatchesRegex("retry: [0-9]{4}\n"));
  expect_ended(close_reason::drained, ending::orderly);
}

TEST_F(HandlerDrain, DrainedInTheMiddleOfAFrameItFinishesTheFrameFirst) {
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

TEST_F(HandlerDrain, DrainedWhileItsFarewellIsHalfWrittenItWritesNothingElse) {
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

TEST_F(HandlerDrain, DrainedBeforeTheJournalWasOpenItEnds) {
  context.tail.restart(0, 0);
  connect();
  tell(turn_atom::value, turn::drain);
  expect_ended(close_reason::drained, ending::orderly);
}

TEST_F(HandlerDrain, DrainedWhileAPageIsAwaitedItEnds) {
  for (int i = 0; i < 4; ++i) log.add();
  open_tail();
  connect(sse::start_earliest{});
  tell(turn_atom::value, turn::drain);
  expect_ended(close_reason::drained, ending::orderly);
  EXPECT_THAT(after_head(), MatchesRegex(chunked_farewell));
}

TEST_F(HandlerDrain, AStalledDrainCanBeCutOff) {
  connect();
  client->room = 4;
  tell(turn_atom::value, turn::drain);
  tell(stop_atom::value, close_reason::forced);
  expect_ended(close_reason::forced, ending::abrupt);
}

}  // namespace
}  // namespace event_relay
