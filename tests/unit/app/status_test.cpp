#include "event_relay/app/status.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace event_relay {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

class Status : public testing::Test {
 protected:
  Status() { configuration.journal.url = "postgresql://relay:opensesame@db/relay"; }

  json rendered() const { return json::parse(render_status({configuration, counted, report, started_at})); }

  config configuration;
  counters counted;
  relay_report report;
  timestamp started_at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) - 1h;
};

TEST_F(Status, BeforeTheJournalWasOpenedNothingIsSaidOfIt) {
  const auto status = rendered();
  EXPECT_EQ(status.at("ready"), false);
  EXPECT_EQ(status.at("journal"), (json{{"kind", "postgresql"},
                                        {"writable", false},
                                        {"readable", false},
                                        {"epoch", nullptr},
                                        {"head", nullptr},
                                        {"floor", nullptr}}));
  EXPECT_EQ(status.at("tail").at("last_look_seconds"), nullptr);
  EXPECT_EQ(status.at("consumers").at("count"), nullptr);
}

TEST_F(Status, SaysHowTheJournalAndTheTailStand) {
  configuration.journal.url = "sqlite:/var/lib/event-relay/journal.db";
  report.ready = report.writable = report.readable = true;
  report.epoch = 4;
  report.floor = 10;
  report.head = 25;
  report.tail_head = 22;
  report.since_last_look = 250ms;
  consumer_survey survey{2, {{}, {}}};
  survey.furthest_behind[0].lag = 7;
  report.consumers = std::make_shared<const consumer_survey>(std::move(survey));
  const auto status = rendered();
  EXPECT_EQ(status.at("ready"), true);
  EXPECT_EQ(status.at("journal").at("kind"), "sqlite");
  EXPECT_EQ(status.at("journal").at("epoch"), 4);
  EXPECT_EQ(status.at("journal").at("head"), 25);
  EXPECT_EQ(status.at("journal").at("floor"), 10);
  EXPECT_EQ(status.at("tail"), (json{{"head", 22}, {"lag", 3}, {"last_look_seconds", 0.25}}));
  EXPECT_EQ(status.at("consumers"), (json{{"count", 2}, {"largest_lag", 7}}));
}

TEST_F(Status, AddsUpWhatIsCountedByReason) {
  counted.count(errc::unknown_topic);
  counted.count(errc::internal);
  counted.dead_letters[0] = 2;
  counted.deliveries = 9;
  const auto status = rendered();
  EXPECT_EQ(status.at("refused"), 2);
  EXPECT_EQ(status.at("outbox").at("dead_letters"), 2);
  EXPECT_EQ(status.at("streams").at("deliveries"), 9);
}

TEST_F(Status, KnowsHowLongItHasRun) {
  const auto status = rendered();
  EXPECT_EQ(status.at("started_at"), format_timestamp(started_at));
  EXPECT_GE(status.at("uptime_seconds"), 3'600.0);
  EXPECT_LT(status.at("uptime_seconds"), 3'700.0);
  started_at += 2h;  // the clock was set back
  EXPECT_EQ(rendered().at("uptime_seconds"), 0.0);
}

TEST_F(Status, KeepsSecrets) { EXPECT_EQ(rendered().dump().find("opensesame"), std::string::npos); }

}  // namespace
}  // namespace event_relay
