#include "event_relay/app/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace event_relay {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

class Metrics : public testing::Test {
 protected:
  std::string rendered() const { return render_metrics({configuration, counted, report, started_at}); }

  void surveyed(std::size_t consumers) {
    consumer_survey survey{consumers, {}};
    for (std::size_t i = 0; i < consumers; ++i) {
      auto& one = survey.furthest_behind.emplace_back();
      one.consumer.name = "reader-" + std::to_string(i);
      one.lag = consumers - i;
    }
    report.consumers = std::make_shared<const consumer_survey>(std::move(survey));
  }

  config configuration;
  counters counted;
  relay_report report;
  timestamp started_at{1'700'000'000s};
};

TEST_F(Metrics, BucketsOfAHistogramAreCumulative) {
  counted.publish_latency.observe(200us);
  counted.publish_latency.observe(3ms, 2);
  counted.publish_latency.observe(1min);
  const auto text = rendered();
  EXPECT_THAT(text, HasSubstr("# TYPE event_relay_publish_latency_seconds histogram\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_publish_latency_seconds_count 4\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_publish_latency_seconds_bucket{le=\"0.0001\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_publish_latency_seconds_bucket{le=\"0.0025\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_publish_latency_seconds_bucket{le=\"0.005\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_publish_latency_seconds_bucket{le=\"30\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_publish_latency_seconds_bucket{le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_publish_latency_seconds_sum 60.0062"));
}

TEST_F(Metrics, SaysHowTheJournalStands) {
  configuration.journal.url = "sqlite:/var/lib/event-relay/journal.db";
  report.ready = report.writable = true;
  report.epoch = 4;
  report.floor = 10;
  report.head = 25;
  report.tail_head = 22;
  report.since_last_look = 250ms;
  const auto text = rendered();
  EXPECT_THAT(text, HasSubstr("event_relay_journal_info{kind=\"sqlite\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_ready 1\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_journal_writable 1\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_journal_readable 0\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_journal_epoch 4\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_head_position 25\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_floor_position 10\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_tail_lag_positions 3\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_tail_lag_seconds 0.25\n"));
}

TEST_F(Metrics, OfWhatIsNotKnownYetThereIsNoMetric) {
  const auto text = rendered();
  EXPECT_THAT(text, Not(HasSubstr("event_relay_tail_lag_seconds")));
  EXPECT_THAT(text, Not(HasSubstr("event_relay_consumer")));
}

TEST_F(Metrics, EachConsumerOfTheSurveyHasItsLag) {
  surveyed(consumers_surveyed);
  const auto text = rendered();
  EXPECT_THAT(text, HasSubstr("event_relay_consumers 100\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_consumer_lag_events{consumer=\"reader-0\"} 100\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_consumer_lag_events{consumer=\"reader-99\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("event_relay_consumer_lag_seconds{consumer=\"reader-0\"} 0\n"));
}

TEST_F(Metrics, HasTheStandardOnesOfTheProcess) {
  const auto text = rendered();
  for (const auto* name : {"process_cpu_seconds_total ", "process_resident_memory_bytes ", "process_open_fds ",
                           "process_max_fds ", "process_start_time_seconds 1700000000\n"})
    EXPECT_THAT(text, HasSubstr(std::string("\n") + name));
  EXPECT_THAT(text, Not(HasSubstr("process_open_fds 0\n")));
}

TEST_F(Metrics, NamesItsVersion) {
  EXPECT_THAT(rendered(), HasSubstr("event_relay_build_info{version=\"0.1.0\"} 1\n"));
}

}  // namespace
}  // namespace event_relay
