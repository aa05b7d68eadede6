#include "event_relay/app/service_notifier.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

class ServiceNotifier : public testing::Test {
 protected:
  /// Every part has answered the oldest question.
  void all_parts_answer() {
    const auto answered = std::move(questions.front());
    questions.erase(questions.begin());
    answered();
  }
  std::vector<std::string> sent_since() { return std::exchange(sent, {}); }

  std::vector<std::string> sent;
  std::vector<std::function<void()>> questions;
  std::string status = "serving 0 streams";
  service_notifier notifier{{.send = [this](const std::string& lines) { sent.push_back(lines); },
                             .status = [this] { return status; },
                             .ask_all_parts = [this](auto answered) { questions.push_back(std::move(answered)); }}};
};

using lines = std::vector<std::string>;

TEST_F(ServiceNotifier, SaysThatItListensWithItsStatus) {
  status = "journal not reached yet";
  notifier.listening();
  EXPECT_EQ(sent, lines{"READY=1\nSTATUS=journal not reached yet"});
}

TEST_F(ServiceNotifier, TellsAStatusOnlyWhenItIsAnother) {
  notifier.listening();
  sent_since();
  notifier.tell_status();
  EXPECT_EQ(sent_since(), lines{});
  status = "serving 1 stream";
  notifier.tell_status();
  notifier.tell_status();
  EXPECT_EQ(sent_since(), lines{"STATUS=serving 1 stream"});
}

TEST_F(ServiceNotifier, FeedsTheWatchdogOnceForEachAnswer) {
  for (int i = 0; i < 3; ++i) {
    notifier.ask();
    EXPECT_EQ(sent_since(), lines{}) << "before anybody has answered";
    all_parts_answer();
    EXPECT_EQ(sent_since(), lines{"WATCHDOG=1"});
  }
}

TEST_F(ServiceNotifier, WhileAPartHangsTheWatchdogStarves) {
  notifier.ask();
  all_parts_answer();
  sent_since();
  for (int i = 0; i < 100; ++i) notifier.ask();  // an I/O thread hangs: there is no answer
  EXPECT_EQ(sent_since(), lines{});
  EXPECT_EQ(questions.size(), 1u) << "questions must not pile up in a part that is busy";
}

TEST_F(ServiceNotifier, AnAnswerThatComesLateIsOneAllTheSame) {
  notifier.ask();
  notifier.ask();
  all_parts_answer();
  EXPECT_EQ(sent_since(), lines{"WATCHDOG=1"});
  notifier.ask();
  EXPECT_EQ(questions.size(), 1u);
}

TEST_F(ServiceNotifier, SaysHowLongItsEndMayTake) {
  notifier.stopping(2'500ms);
  EXPECT_EQ(sent, lines{"STOPPING=1\nEXTEND_TIMEOUT_USEC=2500000\nSTATUS=closing its streams"});
}

TEST(ServiceStatus, TellsOfJournalAndStreams) {
  relay_report relay;
  counters counted;
  EXPECT_EQ(service_status(relay, counted), "journal not reached yet");
  counted.streams_open = 1;
  EXPECT_EQ(service_status(relay, counted), "journal not reached yet, 1 stream waiting");
  relay.epoch = 4711;
  relay.writable = true;
  counted.streams_open = 12;
  EXPECT_EQ(service_status(relay, counted), "journal away, 12 streams waiting");
  relay.readable = true;
  EXPECT_EQ(service_status(relay, counted), "serving 12 streams");
  counted.streams_open = 1;
  EXPECT_EQ(service_status(relay, counted), "serving 1 stream");
}

}  // namespace
}  // namespace event_relay
