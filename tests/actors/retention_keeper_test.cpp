#include "actors/journal_fixture.hpp"

#include "event_relay/relay/retention_keeper.hpp"

namespace event_relay {
namespace {

class RetentionKeeper : public test::journal_fixture {
 protected:
  RetentionKeeper() {
    configuration.retention.max_events = 3;
    configuration.retention.interval = std::chrono::milliseconds(0);
  }
  void release() override {
    context.stopping.stop();
    if (context.keeper) caf::anon_send(context.keeper, stop_atom::value);
    run();
    context.keeper = retention_keeper_actor();
    journal_fixture::release();
  }
  void start_keeper() { context.keeper = system.spawn(retention_keeper, &context); }
  void store(int events) {
    for (int i = 0; i < events; ++i) store_elsewhere();
  }
};

TEST_F(RetentionKeeper, RemovesWhatIsBeyondTheLimit) {
  open();
  store(10);
  start_keeper();
  work();
  EXPECT_EQ(in_journal().size(), 3u);
  EXPECT_GT(counted.partitions_dropped, 0u);
}

TEST_F(RetentionKeeper, WaitsUntilTheJournalIsPrepared) {
  store(10);
  start_keeper();
  run_some(5);
  EXPECT_EQ(in_journal().size(), 10u);
  open();
  work();
  EXPECT_EQ(in_journal().size(), 3u);
}

TEST_F(RetentionKeeper, GoesOnAfterTheJournalWasAway) {
  open();
  start_keeper();
  work();
  journal.go_away();
  other.reset();
  run_some(6);
  journal.come_back();
  store(10);
  work();
  EXPECT_EQ(in_journal().size(), 3u);
}

}  // namespace
}  // namespace event_relay
