#include "actors/journal_fixture.hpp"

namespace event_relay {
namespace {

constexpr auto epoch = test::memory_journal::first_epoch;

class JournalTailer : public test::journal_fixture {};

TEST_F(JournalTailer, WaitsUntilTheJournalIsPrepared) {
  start_tailer();
  EXPECT_EQ(context.tail.epoch(), 0u);
  EXPECT_FALSE(context.status.readable);
  start_writer();
  EXPECT_EQ(context.tail.epoch(), epoch);
  EXPECT_TRUE(context.status.readable);
}

TEST_F(JournalTailer, BeginsAtTheHeadAndTellsTheHolder) {
  store_elsewhere();
  store_elsewhere();
  open();
  EXPECT_EQ(context.tail.head(), 2u);
  EXPECT_EQ(in_tail(0), "");
  EXPECT_EQ(advances, 1);
  ASSERT_TRUE(context.bounds());
  EXPECT_EQ(context.bounds()->head, 2u);
}

TEST_F(JournalTailer, BringsAnotherRelaysEvents) {
  open();
  store_elsewhere("1");
  store_elsewhere("2");
  work();
  EXPECT_EQ(in_tail(0), "data: 1\nid: 4711-1\n\ndata: 2\nid: 4711-2\n\n");
}

TEST_F(JournalTailer, BringsOwnAndAnothersEventsInJournalOrderAndOnce) {
  open();
  std::string expected;
  for (int i = 1; i <= 30; ++i) {
    const auto data = std::to_string(i);
    if (i % 3 == 0)
      store_elsewhere(data);
    else
      publish(data);
    run_some(i % 5);  // anything between nothing and all of it has happened when the next one comes
    expected += "data: " + data + "\n";
  }
  work();
  work();
  EXPECT_EQ(context.tail.head(), 30u);
  EXPECT_EQ(counted.events_tailed, 30u);
  auto frames = in_tail(0);
  for (position_t position = 1; position <= 30; ++position)
    EXPECT_NE(frames.find("id: 4711-" + std::to_string(position) + "\n\n"), std::string::npos);
  EXPECT_EQ(in_journal().size(), 30u);
}

TEST_F(JournalTailer, ReadsNewsInPages) {
  configuration.journal.page_events = 4;
  open();
  for (int i = 0; i < 11; ++i) store_elsewhere();
  work();
  EXPECT_EQ(context.tail.head(), 11u);
}

TEST_F(JournalTailer, LearnsTheTopicsOfOtherRelays) {
  open();
  auto& connection = elsewhere();
  const std::vector<std::string> names{"somebody.elses"};
  const new_event event{connection.register_topics(names).front().id, {}, {}, "{}"};
  const new_event* events[] = {&event};
  EXPECT_FALSE(context.status.id_of("somebody.elses"));
  connection.append(batch_id{std::byte{77}}, events);
  work();
  EXPECT_TRUE(context.status.id_of("somebody.elses"));
}

TEST_F(JournalTailer, WhileTheJournalIsAwayItIsNotReadableAndThenGoesOnWithoutLoss) {
  open();
  store_elsewhere("1");
  work();
  other.reset();
  journal.go_away();
  run_some(6);
  EXPECT_FALSE(context.status.readable);
  EXPECT_EQ(context.tail.head(), 1u);
  journal.come_back();
  store_elsewhere("2");
  work();
  EXPECT_TRUE(context.status.readable);
  EXPECT_EQ(in_tail(0), "data: 1\nid: 4711-1\n\ndata: 2\nid: 4711-2\n\n");
}

TEST_F(JournalTailer, GoesOnInAnotherEpochThatLostNothing) {
  open();
  store_elsewhere("1");
  work();
  other.reset();
  journal.go_away();
  run_some(6);
  journal.begin_new_epoch(2);
  journal.come_back();
  work();
  EXPECT_EQ(context.tail.epoch(), epoch + 1);
  store_elsewhere("2");
  work();
  EXPECT_EQ(in_tail(0), "data: 1\nid: 4711-1\n\ndata: 2\nid: 4712-2\n\n");
}

TEST_F(JournalTailer, GivesNoEventOfAnEpochThatItHasNotSeenBeginAnIdOfTheOldOne) {
  open();
  store_elsewhere("1");
  work();
  other.reset();
  journal.begin_new_epoch(2);  // by hand, while this relay goes on
  store_elsewhere("2");
  work();
  EXPECT_EQ(context.tail.epoch(), epoch + 1);
  EXPECT_EQ(in_tail(0), "data: 1\nid: 4711-1\n\ndata: 2\nid: 4712-2\n\n");
}

TEST_F(JournalTailer, LeavesToTheJournalWhatItHasNotSeenOfTheOldEpoch) {
  open();
  store_elsewhere("1");
  work();
  other.reset();
  journal.go_away();
  run_some(6);
  journal.come_back();
  store_elsewhere("2");  // as a commit that was under way when the primary died
  other.reset();
  journal.begin_new_epoch(3);
  store_elsewhere("3");
  work();
  EXPECT_EQ(context.tail.epoch(), epoch + 1);
  EXPECT_EQ(context.tail.read_after(1).where, tail_window::place::behind);
  EXPECT_EQ(in_tail(2), "data: 3\nid: 4712-3\n\n");
}

TEST_F(JournalTailer, StartsAnewAtTheForkWhenHistoryWasLost) {
  open();
  for (int i = 0; i < 5; ++i) store_elsewhere();
  work();
  other.reset();
  journal.go_away();
  run_some(6);
  journal.begin_new_epoch(3);
  journal.come_back();
  store_elsewhere("new");
  work();
  EXPECT_EQ(context.tail.epoch(), epoch + 1);
  EXPECT_EQ(context.tail.head(), 3u);
  EXPECT_EQ(in_tail(2), "data: new\nid: 4712-3\n\n");
  ASSERT_TRUE(context.bounds());
  EXPECT_EQ(context.bounds()->epochs.back().first_position, 3u);
}

TEST_F(JournalTailer, StartsAnewIfOnlyItsNewestEventWasLost) {
  open();
  for (int i = 0; i < 5; ++i) store_elsewhere();
  work();
  other.reset();
  journal.go_away();
  run_some(6);
  journal.begin_new_epoch(5);
  journal.come_back();
  store_elsewhere("new");
  work();
  EXPECT_EQ(in_tail(4), "data: new\nid: 4712-5\n\n");
}

TEST_F(JournalTailer, NoticesADatabaseThatWasSetBackWithoutSayingSo) {
  open();
  for (int i = 0; i < 5; ++i) store_elsewhere();
  work();
  other.reset();
  journal.go_away();
  run_some(6);
  journal.set_back_to(2);
  journal.come_back();
  work();
  EXPECT_EQ(context.tail.epoch(), epoch + 1);
  EXPECT_EQ(context.tail.head(), 2u);
}

TEST_F(JournalTailer, StartsAnewBehindWhatRetentionRemovedWhileItWasAway) {
  open();
  store_elsewhere();
  work();
  journal.go_away();
  run_some(6);
  journal.come_back();
  other.reset();
  for (int i = 0; i < 5; ++i) store_elsewhere();
  journal.remove_up_to(4);
  work();
  EXPECT_EQ(context.tail.epoch(), epoch);
  EXPECT_EQ(context.tail.head(), 6u);
  EXPECT_EQ(context.tail.read_after(3).where, tail_window::place::behind);
  ASSERT_TRUE(context.bounds());
  EXPECT_EQ(context.bounds()->floor, 4u);
}

TEST_F(JournalTailer, TellsTheHolderOncePerPage) {
  open();
  const auto before = advances;
  for (int i = 0; i < 20; ++i) store_elsewhere();
  work();
  EXPECT_EQ(advances, before + 1);
}

}  // namespace
}  // namespace event_relay
