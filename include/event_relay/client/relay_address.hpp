#pragma once

#include "event_relay/client/http_exchange.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace event_relay::client {

using parameters = std::vector<std::pair<std::string, std::string>>;

/// Where a relay is, as a person gave it: http or https, a host, perhaps a path below which a proxy serves the relay.
class relay_address {
 public:
  /// Nothing if it is no such URL.
  static std::optional<relay_address> parse(const std::string& url);

  /// http://127.0.0.1:8080 for 0.0.0.0 and 8080: how a relay is reached from its own machine, by no proxy.
  static relay_address of_listener(std::string host, unsigned port);

  /// A GET. The path begins with a slash and needs no escapes; the values of the parameters may be anything.
  http_request get(const std::string& path, const parameters& query = {}) const;
  http_request post(const std::string& path, const parameters& query, const std::string& content_type,
                    std::string body) const;

  /// To be sent with each request; empty: none.
  void set_token(const std::string& token) { token_ = token; }

  bool has_token() const noexcept { return !token_.empty(); }

  /// Fit for messages: without user and password.
  const std::string& shown() const noexcept { return shown_; }

 private:
  relay_address(std::string url, std::string shown) : url_(std::move(url)), shown_(std::move(shown)) {}

  std::string url_;  ///< does not end with a slash
  std::string shown_;
  std::string token_;
  bool direct_ = false;
};

}  // namespace event_relay::client
