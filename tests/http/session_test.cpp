#include "http/http_fixture.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::StartsWith;

class Session : public http_fixture {
 protected:
  Session() { start(); }
};

TEST_F(Session, ServesManyRequestsOnOneConnection) {
  auto client = connect();
  for (int i = 0; i < 5; ++i) {
    const auto answer = client.ask(get("/healthz"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, R"({"status":"ok"})");
    EXPECT_FALSE(answer.has("Connection"));
  }
  EXPECT_EQ(counted.connections_opened, 1u);
}

TEST_F(Session, ClosesWhenTheClientWantsIt) {
  auto client = connect();
  const auto answer = client.ask(get("/healthz", "Connection: close\r\n"));
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Session, Http10IsClosedUnlessItAsksForMore) {
  auto client = connect();
  const auto answer = client.ask("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(answer.head, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_EQ(answer.header("Connection"), "keep-alive");
  EXPECT_EQ(client.ask("GET /healthz HTTP/1.0\r\n\r\n").status, 200);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Session, PipelinedRequestsAreAnsweredInOrder) {
  auto client = connect();
  client.send(get("/healthz") + get("/readyz") + post("/reservations", "1") + get("/metrics") + get("/nothing/here"));
  EXPECT_EQ(client.read_answer().body, R"({"status":"ok"})");
  EXPECT_EQ(client.read_answer().body, R"({"status":"ready"})");
  auto asked = door.next_publish();
  EXPECT_FALSE(client.readable_within(0)) << "answers must not overtake one another";
  asked.done(stored_at(9));
  EXPECT_EQ(client.read_answer().header("Location"), "/events/4711-9");
  EXPECT_EQ(client.read_answer().body, "connections 1\n");
  EXPECT_EQ(client.read_answer().status, 404);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Session, ManyMorePipelinedThanOneReadTakes) {
  auto client = connect();
  constexpr int requests = 500;
  std::string all;
  for (int i = 0; i < requests; ++i) all += get("/healthz");
  client.send(all);
  for (int i = 0; i < requests; ++i) ASSERT_EQ(client.read_answer().status, 200) << i;
}

TEST_F(Session, AnEmptyLineBetweenRequestsIsForgiven) {
  auto client = connect();
  door.plays({.receipt = stored_at(1)});
  EXPECT_EQ(client.ask(post("/reservations", "1") + "\r\n").status, 201);
  EXPECT_EQ(client.ask("\r\n\r\n" + get("/healthz")).status, 200);
}

TEST_F(Session, ARequestInSmallPiecesIsOneRequest) {
  auto client = connect();
  door.plays({.receipt = stored_at(1)});
  for (const char byte : post("/reservations", R"({"a":1})")) client.send({&byte, 1});
  EXPECT_EQ(client.read_answer().status, 201);
}

TEST_F(Session, HeadIsAnsweredWithoutTheBody) {
  auto client = connect();
  const auto answer = client.ask("HEAD /healthz HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Length"), "15");
  EXPECT_EQ(client.ask(get("/healthz")).body, R"({"status":"ok"})") << "where the next answer is expected";
}

TEST_F(Session, ARefusalToHeadHasNoBodyEither) {
  auto client = connect();
  const auto answer = client.ask("HEAD /nothing/here HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(Session, OptionsTellsTheMethods) {
  auto client = connect();
  const auto answer = client.ask("OPTIONS /events HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_FALSE(answer.has("Content-Length"));
  EXPECT_EQ(client.ask("OPTIONS /orders HTTP/1.1\r\nHost: a\r\n\r\n").header("Allow"), "POST, OPTIONS");
}

TEST_F(Session, OtherMethodsAreRefusedWithTheMethodsThatAreThere) {
  for (const auto* line : {"GET /orders", "PUT /orders", "DELETE /events", "POST /events", "POST /healthz",
                           "PATCH /events/1", "BREW /events", "CONNECT /events", "TRACE /events"}) {
    const auto answer = connect().ask(std::string(line) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(answer.status, 405) << line;
    EXPECT_FALSE(answer.header("Allow").empty()) << line;
  }
}

struct refused_case {
  std::string request;
  int status;
  errc reason;
};

TEST_F(Session, MalformedRequestsAreAnsweredAndCutOff) {
  const refused_case cases[] = {
      {"GET / HTTP/1.1\r\n\r\n", 400, errc::missing_host},
      {"GET /healthz HTTP/1.1\nHost: a\n\n", 400, errc::malformed_request},
      {"GET /healthz HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400, errc::malformed_request},
      {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, errc::malformed_request},
      {"GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 505, errc::unsupported_version},
      {get("/" + std::string(9'000, 'x')), 414, errc::target_too_long},
      {get("/healthz", "X: " + std::string(17'000, 'x') + "\r\n"), 431, errc::header_too_large},
  };
  for (const auto& [request, status, reason] : cases) {
    const auto counted_before = refused_for(reason);
    auto client = connect();
    const auto answer = client.ask(request + get("/healthz"));
    EXPECT_EQ(answer.status, status) << request.substr(0, 60);
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_EQ(answer.header("Connection"), "close");
    EXPECT_EQ(client.read_to_end(), "") << "nothing behind it may be taken for a request";
    EXPECT_EQ(refused_for(reason), counted_before + 1);
  }
}

TEST_F(Session, ARefusalByTheRelayKeepsTheConnection) {
  auto client = connect();
  door.plays({.receipt = result<publish_receipt>(errc::journal_unavailable)});
  const auto answer = client.ask(post("/reservations", "1"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_FALSE(answer.header("Retry-After").empty());
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  EXPECT_EQ(refused_for(errc::journal_unavailable), 1u);
}

TEST_F(Session, AClientThatLeavesWhileTheRelayThinksIsForgotten) {
  {
    auto client = connect();
    client.send(post("/reservations", "1"));
    auto asked = door.next_publish();
    client.reset();
    asked.done(stored_at(1));
  }
  EXPECT_TRUE(comes_true([this] { return counted.connections_open == 0; }));
  EXPECT_EQ(connect().ask(get("/healthz")).status, 200);
}

TEST_F(Session, ARequestThatTheRelayDropsIsAnswered) {
  auto client = connect();
  client.send(post("/reservations", "1"));
  { const auto dropped = door.next_publish(); }
  EXPECT_EQ(client.read_answer().status, 503);
}

}  // namespace
}  // namespace event_relay::test
