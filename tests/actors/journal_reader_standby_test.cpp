#include "actors/reader_fixture.hpp"

#include <string>
#include <thread>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

constexpr auto epoch = test::memory_journal::first_epoch;

// Replays from a standby. Its events are others than the primary's here, to tell where a page comes from.
class JournalReaderStandby : public test::reader_fixture {
 protected:
  JournalReaderStandby() {
    context.standby = &standby;
    configuration.journal.reconnect_max = 0ms;
  }

  void replicate(int events) {
    const auto connection = standby.connect();
    connection->open(std::nullopt);
    const auto topic = connection->register_topics(std::vector<std::string>{"reservations"}).front().id;
    for (int i = 0; i < events; ++i) {
      const new_event event{topic, "", "", "replicated"};
      const auto* pointer = &event;
      connection->append({std::byte(++batches)}, {&pointer, 1}, known_keys::one_by_one);
    }
  }
  static std::string data(const replay_page_ptr& page, std::size_t index) {
    const std::string frame(page->events->frame(index));
    return frame.substr(6, frame.find('\n') - 6);
  }

  test::memory_journal standby;
  int batches = 0;
};

TEST_F(JournalReaderStandby, GivesPagesAndEvents) {
  open();
  store(10);
  replicate(10);
  work();
  const auto read = page(4);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epoch, epoch);
  EXPECT_EQ(read->events->last(), 8u);
  EXPECT_EQ(read->events->frame(0), "data: replicated\nid: 4711-5\n\n");
  EXPECT_EQ(find(3)->data, "replicated");
  EXPECT_GE(counted.replay_standby_pages, 1u);
}

TEST_F(JournalReaderStandby, IsCutAtTheHeadOfTheTail) {
  open();
  store(6);
  replicate(8);
  work();
  EXPECT_EQ(page(4)->events->last(), 6u);
  EXPECT_EQ(find(7).error(), errc::event_not_found);
}

TEST_F(JournalReaderStandby, ThatLagsIsHelpedOutByThePrimary) {
  open();
  store(10);
  replicate(6);
  work();
  EXPECT_EQ(data(page(4), 0), "replicated");
  EXPECT_EQ(page(4)->events->last(), 6u) << "as far as it goes";
  EXPECT_EQ(data(page(6), 0), "event");
  EXPECT_EQ(data(page(8), 0), "event");
  EXPECT_EQ(find(7)->data, "event");
  EXPECT_EQ(find(11).error(), errc::event_not_found);
}

TEST_F(JournalReaderStandby, OfAnotherHistoryIsNotUsed) {
  open();
  store(10);
  replicate(10);
  standby.begin_new_epoch(11);
  work();
  EXPECT_EQ(data(page(0), 0), "event");
  EXPECT_EQ(find(3)->data, "event");
  EXPECT_EQ(counted.replay_standby_pages, 0u);
}

TEST_F(JournalReaderStandby, ThatHasNotHeardOfTheNewEpochIsNotUsed) {
  open();
  store(10);
  replicate(10);
  work();
  EXPECT_EQ(data(page(0), 0), "replicated");
  other.reset();
  journal.go_away();
  run_some(9);
  journal.begin_new_epoch(8);
  journal.come_back();
  work();
  ASSERT_EQ(context.tail.epoch(), epoch + 1);
  EXPECT_EQ(data(page(0), 0), "event");
  standby.begin_new_epoch(8);
  EXPECT_EQ(data(page(4), 0), "replicated");
}

TEST_F(JournalReaderStandby, ThatIsAwayIsTriedAgain) {
  open();
  store(10);
  replicate(10);
  work();
  standby.go_away();
  EXPECT_EQ(data(page(0), 0), "event");
  EXPECT_EQ(find(3)->data, "event");
  standby.come_back();
  while (find(3)->data != "replicated") std::this_thread::yield();  // not before its pause is over
  standby.go_away();                                                // in the middle of a replay
  EXPECT_EQ(data(page(4), 0), "event");
}

TEST_F(JournalReaderStandby, DoesNotSayWhatRetentionRemoved) {
  open();
  store(10);
  replicate(10);
  work();
  journal.remove_up_to(6);
  standby.remove_up_to(6);
  const auto read = page(3);
  EXPECT_EQ(read->removed_up_to, 6u);
  EXPECT_EQ(find(5).error(), errc::event_expired);
}

}  // namespace
}  // namespace event_relay
