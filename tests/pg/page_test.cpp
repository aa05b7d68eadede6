#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using Page = JournalTest;

TEST_P(Page, OfAnEmptyJournalIsEmpty) {
  EXPECT_THAT(read_page(connection(), 0), IsEmpty());
  EXPECT_THAT(read_page(connection(), 42), IsEmpty());
}

TEST_P(Page, StartsAfterThePosition) {
  publish(5);
  EXPECT_THAT(positions(read_page(connection(), 0)), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(positions(read_page(connection(), 3)), ElementsAre(4, 5));
  EXPECT_THAT(positions(read_page(connection(), 5)), IsEmpty());
}

TEST_P(Page, TakesPositionsBeyondWhatADatabaseCanCount) {
  publish(1);
  EXPECT_THAT(read_page(connection(), ~position_t{0}), IsEmpty());
  EXPECT_EQ(connection().find(~position_t{0}), std::nullopt);
}

TEST_P(Page, EndsAtTheNumberOfEvents) {
  publish(7);
  EXPECT_THAT(positions(read_page(connection(), 1, {3, 1'000'000})), ElementsAre(2, 3, 4));
  EXPECT_EQ(read_all(connection(), 0, {3, 1'000'000}).size(), 7U);
}

TEST_P(Page, EndsBeforeTheEventThatIsTooMuch) {
  append(connection(), {event("1234"), event("123"), event("12345"), event("1")});
  EXPECT_THAT(positions(read_page(connection(), 0, {100, 7})), ElementsAre(1, 2));
  EXPECT_THAT(positions(read_page(connection(), 2, {100, 7})), ElementsAre(3, 4));
}

TEST_P(Page, HasOneEventAtLeast) {
  append(connection(), {event("1234"), event("1")});
  EXPECT_THAT(positions(read_page(connection(), 0, {100, 1})), ElementsAre(1));
  append(connection(), {event(std::string(100'000, 'x')), event("1")});
  EXPECT_THAT(positions(read_page(connection(), 2, {100, 1})), ElementsAre(3));
}

TEST_P(Page, CountsEmptyEventsTowardsTheirNumber) {
  append(connection(), {event(""), event(""), event(""), event("1")});
  EXPECT_THAT(positions(read_page(connection(), 0, {3, 1})), ElementsAre(1, 2, 3));
}

TEST_P(Page, WalksThroughLargeAndSmallEventsWithinItsLimits) {
  constexpr page_limits limits{50, 64 * 1024};
  std::vector<new_event> events;
  for (std::size_t i = 0; i < 300; ++i) {
    const std::size_t size = i % 100 < 60 ? 10 : i % 7 == 0 ? 200'000 : i % 100 < 90 ? 9'000 : 8'000;
    events.push_back(event(std::string(size, static_cast<char>('a' + i % 26))));
  }
  append(connection(), events);

  std::size_t seen = 0;
  while (seen < events.size()) {
    const auto page = read_page(connection(), seen, limits);
    ASSERT_THAT(page, testing::Not(IsEmpty()));
    ASSERT_LE(page.size(), limits.events);
    std::size_t bytes = 0;
    for (const auto& read : page) {
      ASSERT_EQ(read.position, seen + 1);
      ASSERT_EQ(read.data, events[seen].data);
      bytes += read.data.size();
      ++seen;
    }
    ASSERT_TRUE(bytes <= limits.bytes || page.size() == 1) << bytes;
  }
}

TEST_P(Page, OfManySmallEventsIsFullAgainAfterLargeOnes) {
  std::vector<new_event> events(4, event(std::string(100'000, 'x')));
  events.resize(2'004, event("y"));
  append(connection(), events);
  std::size_t largest = 0;
  for (position_t after = 0; after < events.size();) {
    const auto page = read_page(connection(), after, {1'000, 100'000});
    largest = std::max(largest, page.size());
    after = page.back().position;
  }
  EXPECT_GT(largest, 500U);
}

TEST_P(Page, StartsAtTheOldestThatRetentionLeft) {
  publish(5);
  under_test_->remove_up_to(3);
  EXPECT_THAT(positions(read_page(connection(), 0)), ElementsAre(4, 5));
}

TEST_P(Page, LetsExceptionsOfTheSinkThrough) {
  publish(2);
  EXPECT_THROW(connection().read_after(0, {}, [](const event_view&) { throw std::domain_error("mine"); }),
               std::domain_error);
  EXPECT_EQ(read_page(connection(), 0).size(), 2U);
}

using Find = JournalTest;

TEST_P(Find, GivesTheEventWithItsIdAndTime) {
  append(connection(), {event("0"), event("1", "created")});
  const auto found = connection().find(2);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, (event_id{connection().bounds().current_epoch(), 2}));
  EXPECT_EQ(found->topic, topic_);
  EXPECT_EQ(found->type, "created");
  EXPECT_EQ(found->data, "1");
  const auto age = std::chrono::system_clock::now() - found->stored_at;
  EXPECT_LT(age, std::chrono::minutes{1});
  EXPECT_GT(age, -std::chrono::minutes{1});
}

TEST_P(Find, FindsNothingBeforeTheFirstAfterTheLastAndInWhatWasRemoved) {
  publish(3);
  under_test_->remove_up_to(1);
  EXPECT_EQ(connection().find(0), std::nullopt);
  EXPECT_EQ(connection().find(1), std::nullopt);
  EXPECT_TRUE(connection().find(2));
  EXPECT_EQ(connection().find(4), std::nullopt);
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Page);
EVENT_RELAY_FOR_EVERY_JOURNAL(Find);

}  // namespace
}  // namespace event_relay::test
