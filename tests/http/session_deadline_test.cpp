#include "http/http_fixture.hpp"

#include <chrono>

namespace event_relay::test {
namespace {

using std::chrono::milliseconds;

class SessionDeadline : public http_fixture {};

TEST_F(SessionDeadline, AHeaderThatDoesNotEndIsTimedOut) {
  configuration.http.header_timeout = milliseconds(50);
  start();
  auto client = connect();
  const auto answer = client.ask("GET /healthz HTTP/1.1\r\nHost: a\r\n");
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(refused_for(errc::header_timeout), 1u);
}

TEST_F(SessionDeadline, BytesNowAndThenDoNotProlongIt) {
  configuration.http.header_timeout = milliseconds(100);
  start();
  auto client = connect();
  client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n");
  int lines = 0;
  for (; lines < 500 && !client.readable_within(10); ++lines) client.send("a: b\r\n");
  EXPECT_LT(lines, 500);
  EXPECT_EQ(client.read_answer().status, 408);
}

TEST_F(SessionDeadline, AConnectionWithoutARequestIsClosedWithoutAWord) {
  configuration.http.idle_timeout = milliseconds(50);
  start();
  EXPECT_EQ(connect().read_to_end(), "");
  auto used = connect();
  EXPECT_EQ(used.ask(get("/healthz")).status, 200);
  EXPECT_EQ(used.read_to_end(), "");
  EXPECT_EQ(refused_for(errc::header_timeout), 0u);
}

TEST_F(SessionDeadline, ALineEndTooManyBeginsNoRequest) {
  configuration.http.header_timeout = milliseconds(50);
  configuration.http.idle_timeout = milliseconds(300);
  start();
  door.plays({.receipt = stored_at(1)});
  auto client = connect();
  EXPECT_EQ(client.ask(post("/reservations", "1") + "\r\n").status, 201);
  EXPECT_EQ(client.read_to_end(), "") << "an idle connection is not told that it is too slow";
}

TEST_F(SessionDeadline, TheRelayTakesTheTimeItTakes) {
  configuration.http.header_timeout = milliseconds(20);
  configuration.http.body_timeout = milliseconds(20);
  configuration.http.idle_timeout = milliseconds(20);
  start();
  auto client = connect();
  client.send(post("/reservations", "1"));
  auto asked = door.next_publish();
  EXPECT_FALSE(client.readable_within(200));
  asked.done(stored_at(1));
  EXPECT_EQ(client.read_answer().status, 201);
}

TEST_F(SessionDeadline, AnAnswerThatNobodyReadsIsGivenUp) {
  configuration.http.body_timeout = milliseconds(100);
  start();
  const std::string data = '"' + std::string(900'000, 'x') + '"';
  door.plays({.event = stored_event{{4711, 1}, topic_id{1}, "", data, timestamp{}, ""}});
  http_client client(server->port(), 4096);
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += get("/events/1");
  client.send(requests);
  EXPECT_TRUE(comes_true([this] { return counted.connections_opened == 1 && counted.connections_open == 0; }));
}

TEST_F(SessionDeadline, ADeadlineOfOneIsNotOfAnother) {
  configuration.http.header_timeout = milliseconds(50);
  start();
  auto patient = connect();
  EXPECT_EQ(patient.ask(get("/healthz")).status, 200);
  EXPECT_EQ(connect().ask("GET /").status, 408);
  EXPECT_EQ(patient.ask(get("/healthz")).status, 200);
}

}  // namespace
}  // namespace event_relay::test
