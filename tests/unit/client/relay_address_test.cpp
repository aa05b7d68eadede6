#include "event_relay/client/relay_address.hpp"

#include <gtest/gtest.h>

namespace event_relay::client {
namespace {

std::string url_of_events(const std::string& text) {
  const auto relay = relay_address::parse(text);
  return relay ? relay->get("/events").url : "refused";
}

TEST(RelayAddress, IsAUrlWithOrWithoutAPath) {
  EXPECT_EQ(url_of_events("http://127.0.0.1:8080"), "http://127.0.0.1:8080/events");
  EXPECT_EQ(url_of_events("https://events.example/"), "https://events.example/events");
  EXPECT_EQ(url_of_events("https://example/relay/"), "https://example/relay/events");
  EXPECT_EQ(url_of_events("http://[::1]:80"), "http://[::1]:80/events");
}

TEST(RelayAddress, IsNothingElse) {
  for (const auto* text :
       {"", "localhost:8080", "127.0.0.1", "ftp://host", "http://", "http://host/?a=1", "http://host/#a"})
    EXPECT_EQ(url_of_events(text), "refused") << text;
}

TEST(RelayAddress, EscapesParameters) {
  const auto relay = *relay_address::parse("http://host");
  EXPECT_EQ(relay.get("/events", {{"type", "a b&c=d+e%"}, {"topic", "x"}}).url,
            "http://host/events?type=a+b%26c%3dd%2be%25&topic=x");
}

TEST(RelayAddress, ShowsNoPassword) {
  const auto relay = *relay_address::parse("https://user:secret@host/relay");
  EXPECT_EQ(relay.shown(), "https://host/relay");
  EXPECT_EQ(relay.get("/events").url, "https://user:secret@host/relay/events");
}

TEST(RelayAddress, SendsTheToken) {
  auto relay = *relay_address::parse("http://host");
  EXPECT_TRUE(relay.get("/").headers.empty());
  relay.set_token("abc");
  EXPECT_EQ(relay.get("/").headers, (http_headers{{"Authorization", "Bearer abc"}}));
}

TEST(RelayAddress, OfAListenerIsWhereTheMachineItselfReachesIt) {
  EXPECT_EQ(relay_address::of_listener("0.0.0.0", 8080).shown(), "http://127.0.0.1:8080");
  EXPECT_EQ(relay_address::of_listener("::", 80).shown(), "http://[::1]:80");
  EXPECT_EQ(relay_address::of_listener("10.1.2.3", 9).shown(), "http://10.1.2.3:9");
}

}  // namespace
}  // namespace event_relay::client
