#include "event_relay/core/config.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

config usable() {
  config configuration;
  configuration.journal.url = "postgresql:///relay";
  return configuration;
}

// Keys that are refused after the change, in order.
std::vector<std::string> refused(const std::function<void(config&)>& change) {
  auto configuration = usable();
  change(configuration);
  std::vector<std::string> keys;
  for (const auto& problem : validate(configuration)) keys.push_back(problem.key);
  return keys;
}

std::string first_text(const std::function<void(config&)>& change) {
  auto configuration = usable();
  change(configuration);
  const auto problems = validate(configuration);
  return problems.empty() ? "" : problems.front().text;
}

using keys = std::vector<std::string>;

TEST(Config, DefaultsLackNothingButTheJournal) {
  EXPECT_TRUE(validate(usable()).empty());
  EXPECT_EQ(refused([](config& c) { c.journal.url.clear(); }), keys{"journal.url"});
  EXPECT_EQ(refused([](config& c) { c.journal.url = "sqlite:"; }), keys{"journal.url"});
  EXPECT_EQ(refused([](config& c) { c.journal.url = "sqlite::memory:"; }), keys{"journal.url"}) << "nothing would be kept";
  EXPECT_EQ(refused([](config& c) { c.journal.url = "sqlite:/var/lib/journal.db"; }), keys{});
}

TEST(Config, TellsEveryProblemInTheOrderOfTheMembers) {
  const auto found = refused([](config& c) {
    c.threads = 5'000;
    c.log.level = "loud";
    c.http.address = "localhost";
    c.stream.heartbeat = 2min;
    c.topics = {};
  });
  EXPECT_EQ(found, (keys{"http.address", "stream.heartbeat", "log.level", "topics", "threads"}));
}

TEST(Config, TokensAreLongAndFitAHeader) {
  for (const auto* good : {"0123456789abcdef", "AZaz09-._~+/0000=="})
    EXPECT_EQ(refused([=](config& c) { c.access.read_tokens = {good}; }), keys{}) << good;
  for (const auto* bad : {"short", "0123456789abcde", "0123456789abcde f", "0123456789abcd=f", "================",
                          "0123456789abcde\xc3\xa9"})
    EXPECT_EQ(refused([=](config& c) { c.access.publish_tokens = {bad}; }), keys{"access.publish_tokens"}) << bad;
  EXPECT_EQ(refused([](config& c) { c.access.read_tokens = {std::string(513, 'a')}; }), keys{"access.read_tokens"});
  const auto text = first_text([](config& c) { c.access.read_tokens = {"0123456789abcdef", "geheim"}; });
  EXPECT_EQ(text.find("geheim"), std::string::npos);
  EXPECT_NE(text.find("token 2 is not one"), std::string::npos);
}

TEST(Config, NamesTheBoundsAndTheValue) {
  EXPECT_EQ(first_text([](config& c) { c.stream.heartbeat = 2min; }), "must be between 20ms and 44s, is 2m");
  EXPECT_EQ(first_text([](config& c) { c.http.max_header_bytes = 2 << 20; }), "must be between 256 and 1MiB, is 2MiB");
  EXPECT_EQ(first_text([](config& c) { c.journal.readers = 0; }), "must be between 1 and 64, is 0");
}

TEST(Config, HeartbeatsComeBeforeClientsGiveUp) {
  EXPECT_TRUE(refused([](config& c) { c.stream.heartbeat = 44s; }).empty());
  EXPECT_TRUE(refused([](config& c) { c.stream.heartbeat = 20ms; }).empty());
  EXPECT_EQ(refused([](config& c) { c.stream.heartbeat = 45s; }), keys{"stream.heartbeat"});
  EXPECT_EQ(refused([](config& c) { c.stream.heartbeat = 0ms; }), keys{"stream.heartbeat"});
}

TEST(Config, ListensOnAddressesNotNames) {
  for (const auto* address : {"127.0.0.1", "0.0.0.0", "::", "::1", "::ffff:10.0.0.1"})
    EXPECT_TRUE(refused([&](config& c) { c.http.address = address; }).empty()) << address;
  for (const auto* address : {"", "localhost", "127.0.0.1:80", "[::1]", "10.0.0.0/8", "1.2.3", "::1%lo", " ::1"})
    EXPECT_EQ(refused([&](config& c) { c.http.address = address; }), keys{"http.address"}) << address;
  EXPECT_EQ(refused([](config& c) { c.http.address = std::string{"127.0.0.1\0x", 11}; }), keys{"http.address"});
}

TEST(Config, TakesOriginsAsBrowsersWriteThem) {
  for (const auto* origin : {"*", "http://localhost", "https://app.example", "https://app.example:8443",
                             "http://127.0.0.1:3000", "http://[::1]:3000", "capacitor://localhost"})
    EXPECT_TRUE(refused([&](config& c) { c.http.cors_origins = {origin}; }).empty()) << origin;
  for (const auto* origin :
       {"", "null", "app.example", "https://", "https://app.example/", "https://App.example",
        "https://app.example:", "https://app.example:0", "https://app.example:65536", "https://*.example",
        "https://u@app.example", "https://app.example?x", "https://[app]", "://app.example", "https://a b"})
    EXPECT_EQ(refused([&](config& c) { c.http.cors_origins = {origin}; }), keys{"http.cors_origins"}) << origin;
}

TEST(Config, RefusesTopicsThatHaveNoPathOfTheirOwn) {
  for (const auto* topic :
       {"events", "healthz", "readyz", "metrics", "status", "console", "openapi.json", "consumers", ".", ".."})
    EXPECT_EQ(refused([&](config& c) { c.topics = {"loans", topic}; }), keys{"topics"}) << topic;
  for (const auto* topic : {"", "a/b", "a b", "a?b", "gr\xc3\xbc\xc3\x9f", "a\nb"})
    EXPECT_EQ(refused([&](config& c) { c.topics = {topic}; }), keys{"topics"}) << topic;
  EXPECT_TRUE(refused([](config& c) { c.topics = {"Events", "events2", "a.b:c_d-e", "..."}; }).empty());
  EXPECT_EQ(refused([](config& c) { c.topics = {"loans", "returns", "loans"}; }), keys{"topics"});
  EXPECT_EQ(refused([](config& c) { c.topics = {}; }), keys{"topics"});
}

TEST(Config, KeepsControlCharactersOutOfItsMessages) {
  const auto text = first_text([](config& c) { c.topics = {"a\x1b[2Jb\n"}; });
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c >= ' ' && c != 0x7f; })) << text;
}

TEST(Config, RefusesLimitsThatContradictEachOther) {
  EXPECT_EQ(refused([](config& c) { c.http.max_target_bytes = c.http.max_header_bytes; }),
            keys{"http.max_target_bytes"});
  EXPECT_EQ(refused([](config& c) { c.publish.max_waiting_bytes = c.publish.max_event_bytes - 1; }),
            keys{"publish.max_waiting_bytes"});
  EXPECT_EQ(refused([](config& c) { c.stream.replay_bytes = c.journal.page_bytes - 1; }), keys{"stream.replay_bytes"});
  EXPECT_EQ(refused([](config& c) { c.shutdown.deadline = c.shutdown.drain_period - 1ms; }), keys{"shutdown.deadline"});
}

TEST(Config, LetsWhatMayBeSwitchedOffBeZero) {
  EXPECT_TRUE(refused([](config& c) {
                c.http.port = 0;
                c.stream.max_age = 0ms;
                c.stream.max_streams_per_address = 0;
                c.shutdown = {.drain_delay = 0ms, .drain_period = 0ms, .deadline = 0ms};
                c.threads = 0;
              }).empty());
}

TEST(Config, RefusesAUrlThatLibpqWouldCutShort) {
  EXPECT_EQ(refused([](config& c) { c.journal.url = std::string{"host=a\0b", 8}; }), keys{"journal.url"});
}

}  // namespace
}  // namespace event_relay
