#include "http/tcp_stream_fixture.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <string>

namespace event_relay::test {
namespace {

class TcpClientStream : public tcp_stream_fixture {
 protected:
  int option(int level, int name) const {
    int value = -1;
    socklen_t size = sizeof value;
    EXPECT_EQ(::getsockopt(descriptor, level, name, &value, &size), 0);
    return value;
  }
};

TEST_F(TcpClientStream, WritesBuffersInOrder) {
  std::string first = "one ";
  std::string second = "two ";
  std::string third = "three";
  const std::array<iovec, 3> buffers{{{first.data(), 4}, {second.data(), 4}, {third.data(), 5}}};
  EXPECT_EQ(stream->try_write(buffers), 13u);
  EXPECT_EQ(client->read_exactly(13), "one two three");
}

TEST_F(TcpClientStream, AFullSocketTakesNothingUntilTheClientReads) {
  const auto written = fill();
  ASSERT_FALSE(written.empty());
  EXPECT_EQ(write("x"), 0u);
  auto ready = room();
  EXPECT_EQ(ready.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  EXPECT_EQ(client->read_exactly(written.size()), written);
  ASSERT_TRUE(comes(ready));
  EXPECT_EQ(write("more"), 4u);
  EXPECT_EQ(client->read_exactly(4), "more");
}

TEST_F(TcpClientStream, CanBeFilledAgainAndAgain) {
  for (int round = 0; round < 5; ++round) {
    const auto written = fill();
    auto ready = room();
    EXPECT_EQ(client->read_exactly(written.size()), written);
    ASSERT_TRUE(comes(ready)) << round;
  }
}

TEST_F(TcpClientStream, AnEmptySocketIsWritableAtOnce) {
  auto ready = room();
  EXPECT_TRUE(comes(ready));
}

TEST_F(TcpClientStream, AClientThatStallsHoldsLittleMemory) {
  EXPECT_LT(fill().size(), 1024u * 1024);
  EXPECT_EQ(option(IPPROTO_TCP, TCP_NOTSENT_LOWAT), 128 * 1024);
}

TEST_F(TcpClientStream, TheKernelGivesUpAsWell) {
  EXPECT_EQ(option(IPPROTO_TCP, TCP_USER_TIMEOUT), 42'000);
  EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
}

TEST_F(TcpClientStream, NoticesThatTheClientCloses) {
  auto closed = closed_by_client();
  client->close();
  ASSERT_TRUE(comes(closed));
  EXPECT_FALSE(closed.get());
}

TEST_F(TcpClientStream, NoticesThatTheClientClosesItsSide) {
  auto closed = closed_by_client();
  client->finish_sending();
  ASSERT_TRUE(comes(closed));
  EXPECT_FALSE(closed.get());
}

TEST_F(TcpClientStream, NoticesAReset) {
  auto closed = closed_by_client();
  client->reset();
  ASSERT_TRUE(comes(closed));
  EXPECT_FALSE(closed.get());
}

TEST_F(TcpClientStream, NoticesAnEndThatCameBeforeTheQuestion) {
  client->close();
  auto closed = closed_by_client();
  EXPECT_TRUE(comes(closed));
}

TEST_F(TcpClientStream, LittleInputIsIgnored) {
  auto closed = closed_by_client();
  for (int i = 0; i < 10; ++i) client->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(write("still here"), 10u);
  EXPECT_EQ(client->read_exactly(10), "still here");
  EXPECT_EQ(closed.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  client->close();
  ASSERT_TRUE(comes(closed));
  EXPECT_FALSE(closed.get());
}

TEST_F(TcpClientStream, MuchInputIsNot) {
  auto closed = closed_by_client();
  const std::string piece(1024, 'x');
  for (int i = 0; i < 65; ++i) client->send(piece);
  ASSERT_TRUE(comes(closed));
  EXPECT_TRUE(closed.get());
}

TEST_F(TcpClientStream, WritingToAClientThatResetIsAnError) {
  client->reset();
  EXPECT_TRUE(comes_true([this] { return !write("x"); }));
}

TEST_F(TcpClientStream, AResetWakesWhoWaitsForRoom) {
  fill();
  auto ready = room();
  client->reset();
  ASSERT_TRUE(comes(ready));
  EXPECT_EQ(write("x"), std::nullopt);
}

TEST_F(TcpClientStream, SeesThatTheClientIsThere) {
  EXPECT_TRUE(stream->peer_is_there());
  client->send("x");
  EXPECT_TRUE(stream->peer_is_there());
  fill();
  EXPECT_TRUE(stream->peer_is_there());
}

TEST_F(TcpClientStream, SeesThatTheClientHasClosed) {
  client->close();
  EXPECT_TRUE(comes_true([this] { return !stream->peer_is_there(); }));
}

TEST_F(TcpClientStream, SeesThatTheClientHasReset) {
  client->reset();
  EXPECT_TRUE(comes_true([this] { return !stream->peer_is_there(); }));
  EXPECT_FALSE(stream->peer_is_there()) << "asking once must not hide it";
}

}  // namespace
}  // namespace event_relay::test
