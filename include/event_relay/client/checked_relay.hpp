#pragma once

#include "event_relay/client/check.hpp"
#include "event_relay/client/http_exchange.hpp"

#include <optional>
#include <string>

namespace event_relay::client {

/// What a check asks of a relay, and what it has left there.
class checked_relay {
 public:
  explicit checked_relay(const check_options& options);

  const std::string& topic() const noexcept { return topic_; }
  void set_topic(const std::string& topic) { topic_ = topic; }

  /// A stream of the events of checks.
  http_request stream(parameters more = {}) const;

  /// To publish an event, with a key of its own.
  http_request event() const;

  http_response publish(const http_request& event, std::chrono::milliseconds patience);

  /// Whether this is the data of an event of this check and not of another one.
  bool is_own(const std::string& data) const { return data.find(mark_) != std::string::npos; }

  /// What was published, in words.
  std::string published() const;

 private:
  const check_options& options_;
  std::string topic_;
  std::string mark_;
  int published_ = 0;
};

/// Nothing if nothing was stored.
std::optional<std::string> id_of_receipt(const http_response& response);

}  // namespace event_relay::client
