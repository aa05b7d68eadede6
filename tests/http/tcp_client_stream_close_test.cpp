#include "http/tcp_stream_fixture.hpp"

#include <atomic>
#include <system_error>

namespace event_relay::test {
namespace {

using ending = client_stream::ending;

class TcpClientStreamClose : public tcp_stream_fixture {};

TEST_F(TcpClientStreamClose, InGoodOrderEverythingArrives) {
  const auto written = fill();
  stream->close(ending::orderly);
  EXPECT_EQ(client->read_to_end(), written);
}

TEST_F(TcpClientStreamClose, InGoodOrderWhileTheClientIsWatched) {
  auto closed = closed_by_client();
  EXPECT_EQ(write("bye"), 3u);
  stream->close(ending::orderly);
  EXPECT_EQ(client->read_to_end(), "bye");
}

TEST_F(TcpClientStreamClose, InputThatNobodyReadDoesNotMakeItAReset) {
  client->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(write("bye"), 3u);
  stream->close(ending::orderly);
  EXPECT_EQ(client->read_to_end(), "bye");
}

TEST_F(TcpClientStreamClose, AbruptlyTheClientSeesAReset) {
  fill();
  stream->close(ending::abrupt);
  EXPECT_THROW(client->read_to_end(), std::system_error);
}

TEST_F(TcpClientStreamClose, AStreamThatIsDroppedIsReset) {
  stream.reset();
  EXPECT_THROW(client->read_to_end(), std::system_error);
}

TEST_F(TcpClientStreamClose, ADroppedStreamThatWasClosedIsNot) {
  EXPECT_EQ(write("bye"), 3u);
  stream->close(ending::orderly);
  stream.reset();
  EXPECT_EQ(client->read_to_end(), "bye");
}

TEST_F(TcpClientStreamClose, NobodyIsNotifiedAnyMore) {
  std::atomic<int> notified = 0;
  fill();
  stream->notify_when_closed([&](bool) { ++notified; });
  stream->notify_when_writable([&] { ++notified; });
  stream->close(ending::abrupt);
  EXPECT_THROW(client->read_to_end(), std::system_error);
  stream.reset();
  stop();
  EXPECT_EQ(notified, 0);
}

TEST_F(TcpClientStreamClose, WhatTheNotificationsHoldIsLetGoOf) {
  auto held = std::make_shared<int>();
  const std::weak_ptr<int> watched = held;
  fill();
  stream->notify_when_closed([held](bool) {});
  stream->notify_when_writable([held] {});
  held.reset();
  EXPECT_FALSE(watched.expired());
  stream->close(ending::orderly);
  EXPECT_TRUE(comes_true([&] { return watched.expired(); }));
}

TEST_F(TcpClientStreamClose, AStreamMayBeDroppedByANotification) {
  std::promise<void> dropped;
  stream->notify_when_closed([&](bool) {
    stream->close(ending::orderly);
    stream.reset();
    dropped.set_value();
  });
  client->finish_sending();
  auto done = dropped.get_future();
  ASSERT_TRUE(comes(done));
  EXPECT_EQ(client->read_to_end(), "");
}

}  // namespace
}  // namespace event_relay::test
