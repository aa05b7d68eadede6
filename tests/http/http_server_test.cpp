#include "http/http_fixture.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <vector>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class HttpServer : public http_fixture {
 protected:
  std::string failure() {
    try {
      start();
    } catch (const std::runtime_error& why) {
      return why.what();
    }
    return {};
  }
};

TEST_F(HttpServer, TellsThePortThatTheKernelChose) {
  start();
  EXPECT_NE(server->port(), 0);
  EXPECT_EQ(connect().ask(get("/healthz")).status, 200);
}

TEST_F(HttpServer, APortThatIsTakenIsAnErrorThatNamesTheOptions) {
  start();
  config other = configuration;
  other.http.port = server->port();
  try {
    http::http_server second(http::services{other, door, counted, {}, {}});
    FAIL() << "two servers on one port";
  } catch (const std::runtime_error& why) {
    EXPECT_THAT(why.what(), HasSubstr("http.address=127.0.0.1"));
    EXPECT_THAT(why.what(), HasSubstr("http.port=" + std::to_string(other.http.port)));
  }
}

TEST_F(HttpServer, AnAddressThatIsNoneIsAnErrorThatNamesTheOption) {
  configuration.http.address = "relay.example";
  EXPECT_THAT(failure(), HasSubstr("http.address=relay.example"));
}

TEST_F(HttpServer, AnAddressThatIsNotHereIsOneToo) {
  configuration.http.address = "192.0.2.1";
  EXPECT_THAT(failure(), HasSubstr("http.address=192.0.2.1"));
}

TEST_F(HttpServer, AVisitOfItsThreadsIsOverWhenEachHadItsTurn) {
  configuration.http.threads = 2;
  start();
  std::promise<void> hung, released;
  std::atomic<bool> visited = false;
  server->visit_all_threads([&] {  // in one of them
    hung.set_value();
    released.get_future().wait();
  });
  ASSERT_EQ(hung.get_future().wait_for(20s), std::future_status::ready);
  std::promise<void> over;
  server->visit_all_threads([&] {
    visited = true;
    over.set_value();
  });
  EXPECT_FALSE(visited) << "although a thread hangs";
  released.set_value();
  EXPECT_EQ(over.get_future().wait_for(20s), std::future_status::ready);
}

TEST_F(HttpServer, OneConnectionTooManyIsTurnedAway) {
  configuration.http.max_connections = 2;
  start();
  auto first = connect();
  auto second = connect();
  EXPECT_EQ(first.ask(get("/healthz")).status, 200);
  EXPECT_EQ(second.ask(get("/healthz")).status, 200);
  auto third = connect();
  const auto answer = third.ask(get("/healthz"));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_FALSE(answer.header("Retry-After").empty());
  EXPECT_THAT(answer.body, HasSubstr("too_many_connections"));
  EXPECT_EQ(third.read_to_end(), "");
  EXPECT_EQ(refused_for(errc::too_many_connections), 1u);
  EXPECT_EQ(first.ask(get("/healthz")).status, 200) << "those that are there go on";
}

TEST_F(HttpServer, AClosedConnectionMakesRoom) {
  configuration.http.max_connections = 1;
  start();
  for (int i = 0; i < 5; ++i) {
    auto client = connect();
    EXPECT_EQ(client.ask(get("/healthz")).status, 200) << i;
    client.close();
    ASSERT_TRUE(comes_true([this] { return counted.connections_open == 0; }));
  }
}

TEST_F(HttpServer, StreamsCountAsConnections) {
  configuration.http.max_connections = 1;
  start();
  counted.streams_open = 1;
  EXPECT_EQ(connect().ask(get("/healthz")).status, 503);
  counted.streams_open = 0;
}

TEST_F(HttpServer, ConnectionsAreSharedOutOverTheThreads) {
  configuration.http.threads = 3;
  start();
  door.plays({.receipt = stored_at(1)});
  std::vector<http_client> clients;
  for (int i = 0; i < 30; ++i) clients.push_back(connect());
  for (int round = 0; round < 3; ++round) {
    for (auto& client : clients) client.send(post("/reservations", "1"));
    for (auto& client : clients) EXPECT_EQ(client.read_answer().status, 201);
  }
  EXPECT_EQ(counted.connections_open, 30);
  server->stop_listening();
  server->finish_requests(std::chrono::seconds(30));
  EXPECT_EQ(counted.connections_open, 0);
  for (auto& client : clients) EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(HttpServer, AConnectionThatIsResetAtOnceIsNoTrouble) {
  start();
  for (int i = 0; i < 20; ++i) connect().reset();
  EXPECT_EQ(connect().ask(get("/healthz")).status, 200);
  EXPECT_TRUE(comes_true([this] { return counted.connections_open == 0; }));
}

}  // namespace
}  // namespace event_relay::test
