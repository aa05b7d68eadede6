#include "actors/reader_fixture.hpp"

namespace event_relay {
namespace {

constexpr auto epoch = test::memory_journal::first_epoch;

class JournalReader : public test::reader_fixture {};

TEST_F(JournalReader, ReadsAPageThatFollowsThePosition) {
  open();
  store(10);
  work();
  const auto read = page(4);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->epoch, epoch);
  EXPECT_EQ(read->removed_up_to, 0u);
  EXPECT_EQ(read->events->first(), 5u);
  EXPECT_EQ(read->events->last(), 8u);
  EXPECT_EQ(read->events->frame(0), "data: event\nid: 4711-5\n\n");
}

TEST_F(JournalReader, EndsPagesWhereOthersEndThemToo) {
  open();
  store(10);
  work();
  EXPECT_EQ(page(1)->events->last(), 4u);
  EXPECT_EQ(page(3)->events->last(), 4u);
  EXPECT_EQ(page(8)->events->last(), 10u);
}

TEST_F(JournalReader, EndsAPageAtItsBytesButGivesOneEvent) {
  configuration.journal.page_bytes = 100;
  open();
  store_elsewhere(std::string(1'000, 'x'));
  store_elsewhere(std::string(60, 'x'));
  store_elsewhere(std::string(60, 'x'));
  work();
  EXPECT_EQ(page(0)->events->size(), 1u);
  EXPECT_EQ(page(1)->events->size(), 1u);
}

TEST_F(JournalReader, KeepsPagesOfThePast) {
  open();
  store(10);
  work();
  const auto first = page(0);
  EXPECT_EQ(page(0), first);
  EXPECT_EQ(counted.replay_pages, 1u);
  EXPECT_EQ(counted.replay_page_hits, 1u);
}

TEST_F(JournalReader, DoesNotKeepThePageThatMayGrow) {
  open();
  store(6);
  work();
  EXPECT_EQ(page(4)->events->last(), 6u);
  store(1);
  work();
  EXPECT_EQ(page(4)->events->last(), 7u);
  EXPECT_EQ(counted.replay_page_hits, 0u);
}

TEST_F(JournalReader, KeepsSomePagesOnlyAndCountsTheirMemory) {
  open();
  store(100);
  work();
  for (position_t after = 0; after < 96; after += 4) page(after);
  to_subscriber.got.clear();
  page(92);
  EXPECT_EQ(counted.replay_page_hits, 1u);
  page(0);
  EXPECT_EQ(counted.replay_page_hits, 1u);
  to_subscriber.got.clear();
  EXPECT_GT(counted.replay_bytes_held, 0);
  EXPECT_LT(counted.replay_bytes_held, 20'000);
}

TEST_F(JournalReader, SaysWhatRetentionRemoved) {
  open();
  store(10);
  journal.remove_up_to(6);
  work();
  const auto read = page(3);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->removed_up_to, 6u);
  EXPECT_EQ(read->events->size(), 0u);  // what is left does not follow the position
  EXPECT_EQ(page(6)->removed_up_to, 0u);
  EXPECT_EQ(page(6)->events->first(), 7u);
}

TEST_F(JournalReader, TheOldestEventLeftIsNoGap) {
  open();
  store(10);
  journal.remove_up_to(4);
  work();
  EXPECT_EQ(page(4)->removed_up_to, 0u);
  EXPECT_EQ(page(4)->events->first(), 5u);
}

TEST_F(JournalReader, APageBehindTheHeadIsEmpty) {
  open();
  store(4);
  work();
  const auto read = page(4);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->events->size(), 0u);
  EXPECT_EQ(read->removed_up_to, 0u);
}

}  // namespace
}  // namespace event_relay
