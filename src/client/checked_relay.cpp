#include "event_relay/client/checked_relay.hpp"

#include <nlohmann/json.hpp>

#include <random>

namespace event_relay::client {
namespace {

using json = nlohmann::json;

constexpr const char* event_type = "check";  // relay.* is the relay's own

std::string random_mark() {
  std::random_device random;
  return std::to_string(random()) + "-" + std::to_string(random());
}

}  // namespace

checked_relay::checked_relay(const check_options& options)
    : options_(options), topic_(options.topic), mark_(random_mark()) {}

http_request checked_relay::stream(parameters more) const {
  more.insert(more.begin(), {{"topic", topic_}, {"type", event_type}});
  auto request = options_.relay.get("/events", more);
  request.headers.emplace_back("Accept", "text/event-stream");
  return request;
}

http_request checked_relay::event() const {
  const auto& publisher = options_.publisher ? *options_.publisher : options_.relay;
  const json data{{"check", mark_}, {"number", published_ + 1}};
  auto request = publisher.post("/" + topic_, {{"type", event_type}}, "application/json", data.dump());
  request.headers.emplace_back("Idempotency-Key", random_mark());
  return request;
}

http_response checked_relay::publish(const http_request& event, std::chrono::milliseconds patience) {
  auto response = exchange(event, patience);
  published_ += response.head.status == 201;
  return response;
}

std::string checked_relay::published() const {
  if (published_ == 0) return "nothing was published";
  const std::string what = published_ == 1 ? " small event of type " : " small events of type ";
  return std::to_string(published_) + what + event_type + (published_ == 1 ? " was" : " were") + " published to " +
         topic_;
}

std::optional<std::string> id_of_receipt(const http_response& response) {
  const auto receipt = json::parse(response.body, nullptr, false);
  const bool is_stored = response.head.status == 201 && receipt.is_object();
  if (!is_stored || !receipt.value("id", json()).is_string()) return std::nullopt;
  return receipt["id"].get<std::string>();
}

}  // namespace event_relay::client
