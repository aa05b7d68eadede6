#include "http/http_fixture.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::test {
namespace {

class SessionBody : public http_fixture {
 protected:
  SessionBody() { configuration.publish.max_event_bytes = 1'000; }

  static std::string expecting(std::string_view target, std::size_t length, std::string_view more_headers = {}) {
    return std::string("POST ").append(target).append(" HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n").append(
        more_headers) + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
  }
};

constexpr std::string_view chunked_post =
    "POST /reservations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(SessionBody, IsAskedForWhenTheHeaderIsGood) {
  start();
  auto client = connect();
  client.send(expecting("/reservations", 2));
  EXPECT_EQ(client.read_head(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(door.idle());
  client.send("42");
  auto asked = door.next_publish();
  EXPECT_EQ(asked.event.data, "42");
  asked.done(stored_at(1));
  EXPECT_EQ(client.read_answer().status, 201);
}

TEST_F(SessionBody, IsNotAskedForWhenTheHeaderIsNot) {
  start();
  EXPECT_EQ(connect().ask(expecting("/nowhere", 2)).status, 404);
  EXPECT_EQ(connect().ask(expecting("/events", 2)).status, 405);
  EXPECT_EQ(connect().ask(expecting("/reservations", 2, "Content-Type: image/png\r\n")).status, 415);
  const auto too_large = connect().ask(expecting("/reservations", 1'001));
  EXPECT_EQ(too_large.status, 413);
  EXPECT_EQ(nlohmann::json::parse(too_large.body).at("limit"), 1'000);
}

TEST_F(SessionBody, MayComeInChunks) {
  start();
  door.plays({.receipt = stored_at(1)});
  auto client = connect();
  EXPECT_EQ(client.ask(std::string(chunked_post) + "3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n").status, 201);
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
}

TEST_F(SessionBody, InChunksIsRefusedAboveTheLimit) {
  start();
  auto client = connect();
  client.send(chunked_post);
  const auto answer = client.ask("400\r\n" + std::string(1'024, '1') + "\r\n");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(door.idle());
}

TEST_F(SessionBody, InMalformedChunksIsRefused) {
  start();
  auto client = connect();
  EXPECT_EQ(client.ask(std::string(chunked_post) + "nonsense\r\n").status, 400);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(SessionBody, OnGetIsRefusedAndNeverARequest) {
  start();
  for (const auto* header : {"Content-Length: 45\r\n", "Transfer-Encoding: chunked\r\n"}) {
    auto client = connect();
    client.send(get("/events", header) + get("/healthz"));
    EXPECT_EQ(client.read_answer().status, 400);
    EXPECT_EQ(client.read_to_end(), "");
  }
  EXPECT_EQ(refused_for(errc::body_not_allowed), 2u);
  EXPECT_TRUE(door.idle());
}

TEST_F(SessionBody, OfNoBytesOnGetIsNone) {
  start();
  EXPECT_EQ(connect().ask(get("/healthz", "Content-Length: 0\r\n")).status, 200);
}

TEST_F(SessionBody, OnOptionsIsRefused) {
  start();
  const auto answer = connect().ask("OPTIONS /events HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(answer.status, 400);
}

TEST_F(SessionBody, AnAnswerIsNotLostUnderABodyThatIsNotRead) {
  start();
  auto client = connect();
  const std::string body(2 * 1024 * 1024, 'x');
  ASSERT_TRUE(client.try_send(post("/reservations", body))) << "the client was reset while it sent";
  const auto answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(SessionBody, ABodyWithoutAnEndIsNotListenedToForEver) {
  start();
  auto client = connect();
  client.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000000\r\n\r\n");
  const std::string piece(1024 * 1024, 'x');
  int pieces = 0;
  while (pieces < 1'000 && client.try_send(piece)) ++pieces;
  EXPECT_LT(pieces, 100);
  EXPECT_TRUE(comes_true([this] { return counted.connections_open == 0; }));
}

TEST_F(SessionBody, TooSlowIsTimedOut) {
  configuration.http.body_timeout = std::chrono::milliseconds(50);
  start();
  auto client = connect();
  const auto answer = client.ask("POST /reservations HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123");
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(refused_for(errc::body_timeout), 1u);
}

TEST_F(SessionBody, CutOffIsNotPublished) {
  start();
  auto client = connect();
  client.send("POST /reservations HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123");
  client.finish_sending();
  EXPECT_EQ(client.read_answer().status, 400);
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(door.idle());
}

}  // namespace
}  // namespace event_relay::test
