#include "http/http_fixture.hpp"

#include <chrono>
#include <thread>

namespace event_relay::test {

http_fixture::http_fixture() {
  configuration.http.port = 0;
  configuration.topics = {"reservations", "orders"};
}

http_fixture::~http_fixture() {
  door.forget_all();
  if (server) server->stop();
}

void http_fixture::start() {
  server = std::make_unique<http::http_server>(
      http::services{configuration, door, counted, [] { return std::string("connections 1\n"); },
                     [] { return std::string(R"({"ready":true})"); }});
  server->start();
}

std::string http_fixture::get(std::string_view target, std::string_view more_headers) {
  return std::string("GET ").append(target).append(" HTTP/1.1\r\nHost: a\r\n").append(more_headers).append("\r\n");
}

std::string http_fixture::post(std::string_view target, std::string_view body, std::string_view more_headers) {
  auto text = std::string("POST ").append(target).append(" HTTP/1.1\r\nHost: a\r\n").append(more_headers);
  text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n");
  return text.append(body);
}

bool http_fixture::comes_true(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

publish_receipt stored_at(position_t position) { return {{4711, position}, false}; }

}  // namespace event_relay::test
