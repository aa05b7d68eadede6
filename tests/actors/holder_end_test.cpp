#include "actors/holder_fixture.hpp"

namespace event_relay {
namespace {

class HolderEnd : public test::holder_fixture {
 protected:
  void drain(std::chrono::milliseconds period) {
    auto done = std::make_shared<completion<bool>>([this](result<bool> answer) { drained = answer && *answer; });
    caf::anon_send(context.holder, drain_atom::value, period, std::move(done));
    run();
  }
  std::uint64_t closed_for(close_reason reason) const {
    return counted.streams_closed[static_cast<std::size_t>(reason)];
  }
  std::optional<bool> drained;
};

using namespace std::chrono_literals;

TEST_F(HolderEnd, DrainedWithoutStreamsItAnswersAtOnce) {
  drain(3s);
  EXPECT_EQ(drained, true);
}

TEST_F(HolderEnd, DrainedItClosesEveryStreamWithinThePeriod) {
  std::vector<client_ptr> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(connect());
  drain(4s);
  EXPECT_FALSE(drained);
  pass(1500ms);
  EXPECT_GT(held(), 0u);  // spread over the time, so that clients do not come back together
  EXPECT_LT(held(), 50u);
  pass(3s);
  EXPECT_EQ(drained, true);
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(closed_for(close_reason::drained), 50u);
  for (const auto& client : clients) {
    EXPECT_EQ(client->ending, client_stream::ending::orderly);
    EXPECT_TRUE(client->received.ends_with("\n\r\n0\r\n\r\n"));
  }
}

TEST_F(HolderEnd, StreamsThatComeWhileItDrainsEndToo) {
  const auto early = connect();
  drain(2s);
  const auto late = connect();
  pass(2s + 2 * tick());
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(drained, true);
  EXPECT_TRUE(early->destroyed);
  EXPECT_TRUE(late->destroyed);
}

TEST_F(HolderEnd, TheLastStreamDecidesWhenItIsDrained) {
  const auto stuck = connect();
  connect();
  stuck->room = 0;
  drain(1s);
  pass(3s);
  EXPECT_FALSE(drained);
  EXPECT_EQ(held(), 1u);
  stuck->take();
  run();
  EXPECT_EQ(drained, true);
}

TEST_F(HolderEnd, EventsStillArriveWhileItDrains) {
  const auto client = connect();
  drain(1h);
  publish(3);
  EXPECT_TRUE(client->received.starts_with("head" + log.stream(0, nullptr, sse::body_framing::chunked)));
}

TEST_F(HolderEnd, StoppedItEndsEverythingAndItself) {
  std::vector<client_ptr> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(connect());
  clients.front()->room = 0;
  publish(1);
  caf::anon_send(context.holder, stop_atom::value);
  run();
  for (const auto& client : clients) EXPECT_EQ(client->ending, client_stream::ending::abrupt);
  EXPECT_EQ(closed_for(close_reason::forced), 20u);
  EXPECT_EQ(system.registry().running(), running_before + 1);  // the reader
}

TEST_F(HolderEnd, StoppedWhileItDrainsItSaysThatItIsEmpty) {
  const auto stuck = connect();
  stuck->room = 0;
  drain(1s);
  pass(2s);
  caf::anon_send(context.holder, stop_atom::value);
  run();
  EXPECT_EQ(drained, true);
  EXPECT_TRUE(stuck->destroyed);
}

TEST_F(HolderEnd, AStreamThatComesAfterTheEndIsClosed) {
  caf::anon_send(context.holder, stop_atom::value);
  run();
  const auto client = connect();
  EXPECT_TRUE(client->destroyed);
  EXPECT_EQ(client->received, "");
}

TEST_F(HolderEnd, AStreamThatComesTogetherWithTheEndIsClosed) {
  const auto before = connect();
  const auto client = send_open();
  caf::anon_send<caf::message_priority::high>(context.holder, stop_atom::value);
  run();
  EXPECT_TRUE(before->destroyed);
  EXPECT_TRUE(client->destroyed);
}

}  // namespace
}  // namespace event_relay
