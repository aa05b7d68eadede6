#pragma once

#include "event_relay/http/http_server.hpp"
#include "http/http_client.hpp"
#include "http/scripted_door.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace event_relay::test {

/// A server on a port of the kernel's choice in front of a scripted relay. A test changes `configuration`, then starts.
class http_fixture : public testing::Test {
 protected:
  http_fixture();
  ~http_fixture() override;

  void start();
  http_client connect() const { return http_client(server->port()); }

  static std::string get(std::string_view target, std::string_view more_headers = {});
  static std::string post(std::string_view target, std::string_view body, std::string_view more_headers = {});

  std::uint64_t refused_for(errc code) const { return counted.refused[static_cast<std::size_t>(code)]; }
  /// For what only a counter tells. False when it does not come true in ten seconds.
  static bool comes_true(const std::function<bool()>& condition);

  config configuration;
  counters counted;
  scripted_door door;
  std::unique_ptr<http::http_server> server;
};

/// What the relay says of an event that was stored.
publish_receipt stored_at(position_t position);

}  // namespace event_relay::test
