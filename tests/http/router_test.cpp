#include "event_relay/http/endpoint.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace event_relay::http {
namespace {

class Router : public testing::Test {
 protected:
  Router() { configuration.topics = {"reservations", "orders"}; }

  const endpoint* found(std::vector<std::string> path) const {
    const auto row = route(path, configuration);
    const auto* const* it = std::get_if<const endpoint*>(&row);
    return it ? *it : nullptr;
  }
  errc refusal(std::vector<std::string> path) const {
    const auto row = route(path, configuration);
    const auto* wrong = std::get_if<problem>(&row);
    return wrong ? wrong->code : errc{};
  }

  config configuration;
};

TEST_F(Router, EveryPathHasARow) {
  EXPECT_EQ(found({"events"})->handle, &stream_events);
  EXPECT_EQ(found({"events", "4711-1"})->handle, &get_event);
  EXPECT_EQ(found({"healthz"})->handle, &report_health);
  EXPECT_EQ(found({"readyz"})->handle, &report_readiness);
  EXPECT_EQ(found({"metrics"})->handle, &report_metrics);
  EXPECT_EQ(found({"status"})->handle, &report_status);
  EXPECT_EQ(found({"openapi.json"})->handle, &describe_interface);
  EXPECT_EQ(found({"consumers"})->handle, &list_consumers);
  EXPECT_EQ(found({"consumers", "a"})->handle, &show_or_remove_consumer);
  EXPECT_EQ(found({"consumers", "a", "ack"})->handle, &acknowledge);
  EXPECT_EQ(found({"consumers", "a", "reset"})->handle, &reset_consumer);
  EXPECT_EQ(found({"orders"})->handle, &publish);
}

TEST_F(Router, NoTopicHasTheNameOfAnotherPath) {
  configuration.journal.url = "sqlite:journal.db";
  for (const auto& row : endpoints()) {
    const auto name = std::string(row.path.substr(1, row.path.find('/', 1) - 1));
    if (name.starts_with('{')) continue;
    configuration.topics = {name};
    EXPECT_FALSE(validate(configuration).empty()) << name;
  }
}

TEST_F(Router, OnlyTopicsTakeABody) {
  for (const auto* name : {"events", "healthz", "readyz", "metrics", "status"}) {
    EXPECT_FALSE(found({name})->takes_body) << name;
    EXPECT_EQ(found({name})->allow, "GET, HEAD, OPTIONS") << name;
  }
  EXPECT_TRUE(found({"reservations"})->takes_body);
  EXPECT_EQ(found({"reservations"})->allow, "POST, OPTIONS");
  EXPECT_NE(found({"reservations"})->check, nullptr);
}

TEST_F(Router, OtherPathsAreNotThere) {
  EXPECT_EQ(refusal({"orders", "1"}), errc::no_such_path);
  EXPECT_EQ(refusal({"events", "1", "2"}), errc::no_such_path);
  EXPECT_EQ(refusal({"healthz", ""}), errc::no_such_path);
  EXPECT_EQ(refusal({"consumers", "a", "more"}), errc::no_such_path);
}

TEST_F(Router, TheConsoleCanBeSwitchedOff) {
  EXPECT_EQ(found({})->handle, &show_console);
  EXPECT_EQ(found({"console", "app.js"})->handle, &show_console);
  EXPECT_EQ(refusal({"console"}), errc::unknown_topic);
  configuration.http.console = false;
  EXPECT_EQ(refusal({}), errc::no_such_path);
  EXPECT_EQ(refusal({"console", "app.js"}), errc::no_such_path);
}

TEST_F(Router, OtherNamesAreNoTopics) {
  EXPECT_EQ(refusal({"invoices"}), errc::unknown_topic);
  EXPECT_EQ(refusal({""}), errc::unknown_topic);
  EXPECT_EQ(refusal({"Orders"}), errc::unknown_topic);
  EXPECT_EQ(refusal({"EVENTS"}), errc::unknown_topic);
}

TEST_F(Router, WhatIsNoNameIsNoConsumer) {
  EXPECT_EQ(refusal({"consumers", ""}), errc::bad_consumer_name);
  EXPECT_EQ(refusal({"consumers", "a b", "ack"}), errc::bad_consumer_name);
}

TEST_F(Router, AnEventWithoutAnIdIsStillTheEventsRow) { EXPECT_EQ(found({"events", ""})->handle, &get_event); }

}  // namespace
}  // namespace event_relay::http
