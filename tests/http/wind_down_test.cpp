#include "http/http_fixture.hpp"

#include <chrono>
#include <future>
#include <system_error>

namespace event_relay::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class WindDown : public http_fixture {
 protected:
  std::future<void> finish(milliseconds deadline) {
    return std::async(std::launch::async, [this, deadline] { server->finish_requests(deadline); });
  }
};

TEST_F(WindDown, AfterTheListenerClosedConnectionsAreRefused) {
  start();
  auto open = connect();
  EXPECT_EQ(open.ask(get("/healthz")).status, 200);
  server->stop_listening();
  EXPECT_THROW(connect(), std::system_error);
  EXPECT_EQ(open.ask(get("/healthz")).status, 200);
}

TEST_F(WindDown, IdleConnectionsAreClosedAtOnce) {
  start();
  auto fresh = connect();
  auto used = connect();
  EXPECT_EQ(used.ask(get("/healthz")).status, 200);
  ASSERT_TRUE(comes_true([this] { return counted.connections_open == 2; }));
  finish(seconds(30)).get();
  EXPECT_EQ(fresh.read_to_end(), "");
  EXPECT_EQ(used.read_to_end(), "");
  EXPECT_EQ(counted.connections_open, 0);
}

TEST_F(WindDown, ARequestUnderWayIsAnsweredAndTheLast) {
  start();
  auto busy = connect();
  auto idle = connect();
  busy.send(post("/reservations", "1") + get("/healthz"));
  auto asked = door.next_publish();
  auto finished = finish(seconds(30));
  EXPECT_EQ(idle.read_to_end(), "") << "now it winds down";
  asked.done(stored_at(1));
  const auto answer = busy.read_answer();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_EQ(busy.read_to_end(), "");
  busy.close();
  EXPECT_EQ(finished.wait_for(seconds(10)), std::future_status::ready);
}

TEST_F(WindDown, AHalfReadRequestIsStillTaken) {
  start();
  auto slow = connect();
  auto idle = connect();
  slow.send("GET /healthz HTTP/1.1\r\n");
  ASSERT_TRUE(comes_true([this] { return counted.connections_open == 2; }));
  // An answer on another connection of the same thread says that the bytes sent before were read.
  EXPECT_EQ(idle.ask(get("/healthz")).status, 200);
  auto finished = finish(seconds(30));
  EXPECT_EQ(idle.read_to_end(), "");
  slow.send("Host: a\r\n\r\n");
  EXPECT_EQ(slow.read_answer().header("Connection"), "close");
  slow.close();
  finished.get();
}

TEST_F(WindDown, WhatIsLeftAtTheDeadlineIsCutOff) {
  start();
  auto client = connect();
  client.send(post("/reservations", "1"));
  auto asked = door.next_publish();
  finish(milliseconds(50)).get();
  EXPECT_EQ(client.read_to_end(), "");
  asked.done(stored_at(1));
  EXPECT_TRUE(comes_true([this] { return counted.connections_open == 0; }));
}

TEST_F(WindDown, ARelayThatNeverAnswersDoesNotHoldTheEnd) {
  start();
  auto client = connect();
  client.send(post("/reservations", "1"));
  auto asked = door.next_publish();
  server->stop_listening();
  finish(milliseconds(20)).get();
  server->stop();
  asked.done(stored_at(1));  // a late answer finds the server stopped
}

TEST_F(WindDown, StoppingTwiceIsStoppingOnce) {
  start();
  server->stop();
  server->stop();
}

TEST_F(WindDown, AServerThatWasNeverStartedEnds) {
  http::http_server(http::services{configuration, door, counted, {}, {}}).stop();
}

}  // namespace
}  // namespace event_relay::test
