#pragma once

#include "event_relay/relay/relay_context.hpp"
#include "support/memory_journal.hpp"

#include <gtest/gtest.h>

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <chrono>

namespace event_relay::test {

using namespace std::chrono_literals;

/// Actors that run when the test says so, on a clock that the test moves.
class actor_fixture : public testing::Test {
 protected:
  struct settings_type : caf::actor_system_config {
    settings_type() { set("scheduler.policy", caf::atom("testing")); }
  };

  actor_fixture() {
    configuration.journal.url = "memory";
    configuration.journal.readers = 1;
    configuration.outbox.poll_interval = 0ms;
    configuration.journal.poll_interval = 0ms;  // the journal has news at once or never
    configuration.journal.reconnect_max = 1ms;
    configuration.stream.max_age = 0ms;
  }

  /// No actor may be left: one that nobody ends keeps a process from ending.
  void TearDown() override {
    release();
    run();
    EXPECT_EQ(system.registry().running(), running_before) << "actors are left";
  }
  /// Lets go of what keeps actors alive.
  virtual void release() {
    context.holder = connection_holder_actor();
    context.writer = journal_writer_actor();
    context.tailer = journal_tailer_actor();
    context.drainer = outbox_drainer_actor();
    context.keeper = retention_keeper_actor();
    context.consumers = consumer_keeper_actor();
    context.readers.clear();
  }

  void run() { scheduler.run(10'000); }
  /// Messages one by one, each actor in its turn: for actors that send themselves the next one for ever.
  void run_some(int messages) {
    auto& jobs = scheduler.jobs;
    for (int i = 0; i < messages && !jobs.empty(); ++i) {
      const auto* turn = jobs.front();
      scheduler.run_once();
      if (!jobs.empty() && jobs.front() == turn) std::ranges::rotate(jobs, jobs.begin() + 1);
    }
  }

  config configuration;
  counters counted;
  memory_journal journal;
  settings_type settings;
  caf::actor_system system{settings};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  relay_context context{configuration, journal, counted};
  const std::size_t running_before = system.registry().running();
};

}  // namespace event_relay::test
