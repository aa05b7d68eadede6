#include "event_relay/relay/bounded_start.hpp"
#include "support/memory_journal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace event_relay {
namespace {

constexpr auto epoch = test::memory_journal::first_epoch;
constexpr topic_id of_interest{1};
constexpr topic_id of_others{2};

timestamp at(int second) { return timestamp(std::chrono::seconds(1'700'000'000 + second)); }
sse::start_point after(position_t position, epoch_t in = epoch) { return sse::start_after{in, position, "text"}; }

/// A journal, and the times and topics of its events as the test knows them.
class BoundedStart : public testing::Test {
 protected:
  struct event {
    int second;
    topic_id topic = of_interest;
  };

  void store(std::vector<event> added) {
    if (!connection) {
      connection = journal.connect();
      connection->open(std::nullopt);
      const std::vector<std::string> names{"interest", "others"};
      connection->register_topics(names);
    }
    for (const auto& [second, topic] : added) {
      journal.set_time(at(second));
      const new_event stored{topic, {}, {}, "1"};
      const new_event* batch[] = {&stored};
      batch_id id{};
      id[0] = std::byte(events.size());
      id[1] = std::byte(events.size() >> 8);
      connection->append(id, batch);
      events.push_back({second, topic});
    }
  }
  settled_start settled(const bounded_start& asked) {
    start_search search(asked);
    while (!search.step(*connection)) {}
    return search.found();
  }
  position_t before(int second) { return last_before(at(second), *connection, connection->bounds()); }
  static position_t position_of(const settled_start& settled) {
    return std::get<sse::start_after>(settled.start).position;
  }

  test::memory_journal journal;
  std::unique_ptr<journal_connection> connection;
  std::vector<event> events;
};

/// In base 3: how much later each event is than the one before.
std::vector<int> times(int number, int count) {
  std::vector<int> seconds;
  for (int second = 0; count > 0; --count, number /= 3) seconds.push_back(second += number % 3);
  return seconds;
}

TEST(LastBefore, IsTheLastThatIsEarlierInEverySmallJournal) {
  for (int count = 0; count <= 5; ++count)
    for (int number = 0; number < std::pow(3, count); ++number) {
      const auto seconds = times(number, count);
      test::memory_journal journal;
      const auto connection = journal.connect();
      connection->open(std::nullopt);
      for (std::size_t i = 0; i < seconds.size(); ++i) {
        journal.set_time(at(seconds[i]));
        const new_event event{of_interest, {}, {}, "1"};
        const new_event* batch[] = {&event};
        connection->append({std::byte(i)}, batch);
      }
      for (position_t floor = 0; floor <= seconds.size(); ++floor) {
        journal.remove_up_to(floor);
        for (int second = -1; second <= 2 * count + 1; ++second) {
          const auto earlier = static_cast<position_t>(
              std::ranges::count_if(seconds, [=](int one) { return one < second; }));
          ASSERT_EQ(last_before(at(second), *connection, connection->bounds()), std::max(floor, earlier))
              << testing::PrintToString(seconds) << " before " << second << " after " << floor;
        }
      }
    }
}

TEST_F(BoundedStart, WithoutATimeItIsTheOneThatTheUrlNames) {
  store({{0}, {1}});
  const auto start = settled({.named = after(1), .limit = 5});
  EXPECT_EQ(position_of(start), 1u);
  EXPECT_EQ(start.limit, 5u);
  EXPECT_FALSE(start.is_over);
}

TEST_F(BoundedStart, ATimeIsThePositionBefore) {
  store({{0}, {1}, {1}, {2}});
  EXPECT_EQ(position_of(settled({.since = at(1)})), 1u);
  EXPECT_EQ(position_of(settled({.since = at(-5)})), 0u);
  EXPECT_EQ(position_of(settled({.since = at(9)})), 4u);
  EXPECT_EQ(std::get<sse::start_after>(settled({.since = at(1)}).start).epoch, epoch);
}

TEST_F(BoundedStart, WhoComesBackGoesOnWhereItWas) {
  store({{0}, {1}, {2}, {3}});
  const auto start = settled({.since = at(1), .came_back = after(3), .limit = 5});
  EXPECT_EQ(position_of(start), 3u);
  EXPECT_EQ(start.limit, 3u);
  EXPECT_FALSE(start.is_over);
}

TEST_F(BoundedStart, ALimitCountsWhatWasWantedBetweenInEverySmallJournal) {
  for (unsigned wanted = 0; wanted < 16; ++wanted) {
    connection.reset();
    journal.set_back_to(0);
    events.clear();
    for (unsigned i = 0; i < 4; ++i) store({{0, wanted >> i & 1 ? of_interest : of_others}});
    const bounded_start all{.wanted = std::make_shared<filter>(filter{{of_interest}, {}})};
    for (position_t from = 0; from <= 4; ++from)
      for (position_t was = 0; was <= 4; ++was)
        for (std::uint64_t limit = 1; limit <= 5; ++limit) {
          std::uint64_t had = 0;
          for (auto position = from; position < was; ++position) had += events[position].topic == of_interest;
          auto asked = all;
          asked.named = after(from);
          asked.came_back = after(was);
          asked.limit = limit;
          const auto start = settled(asked);
          ASSERT_EQ(start.limit, limit - std::min(limit, had)) << wanted << ' ' << from << ' ' << was;
          ASSERT_EQ(start.is_over, had >= limit);
          ASSERT_EQ(position_of(start), was);
        }
  }
}

TEST_F(BoundedStart, ALimitIsCountedFromTheOldestIfThatIsNamed) {
  store({{0}, {0}, {0}, {0}});
  journal.remove_up_to(1);
  EXPECT_EQ(settled({.named = sse::start_earliest{}, .came_back = after(3), .limit = 5}).limit, 3u);
  EXPECT_TRUE(settled({.named = sse::start_earliest{}, .came_back = after(3), .limit = 2}).is_over);
}

TEST_F(BoundedStart, OfALiveStreamNobodyKnowsWhereItBegan) {
  store({{0}, {0}, {0}});
  const auto start = settled({.came_back = after(3), .limit = 2});
  EXPECT_EQ(start.limit, 2u);
  EXPECT_FALSE(start.is_over);
}

TEST_F(BoundedStart, ALimitIsCountedOverManyPages) {
  for (int i = 0; i < 2'500; ++i) store({{0}});
  EXPECT_EQ(settled({.named = after(0), .came_back = after(2'400), .limit = 2'450}).limit, 50u);
  EXPECT_TRUE(settled({.named = after(0), .came_back = after(2'400), .limit = 2'400}).is_over);
}

TEST_F(BoundedStart, ATimeIsOverWhenNothingThatIsWantedComesBeforeIt) {
  store({{0}, {1}, {2, of_others}, {3}});
  const auto wanted = std::make_shared<filter>(filter{{of_interest}, {}});
  EXPECT_FALSE(settled({.came_back = after(1), .wanted = wanted, .until = at(3)}).is_over);
  EXPECT_TRUE(settled({.came_back = after(2), .wanted = wanted, .until = at(3)}).is_over);
  EXPECT_FALSE(settled({.came_back = after(2), .until = at(3)}).is_over);
  EXPECT_FALSE(settled({.came_back = after(2), .wanted = wanted, .until = at(4)}).is_over);
  EXPECT_TRUE(settled({.came_back = after(4), .until = at(4)}).is_over);
}

TEST_F(BoundedStart, ATimeInTheFutureIsNotOver) {
  store({{0}});
  const auto tomorrow = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) +
                        std::chrono::hours(24);
  EXPECT_FALSE(settled({.came_back = after(1), .until = tomorrow}).is_over);
}

TEST_F(BoundedStart, WhoeverReachesOneOfTwoBoundsIsOver) {
  store({{0}, {1}, {2}});
  EXPECT_TRUE(settled({.named = after(0), .came_back = after(1), .limit = 1, .until = at(9)}).is_over);
  EXPECT_TRUE(settled({.named = after(0), .came_back = after(2), .limit = 9, .until = at(2)}).is_over);
  EXPECT_FALSE(settled({.named = after(0), .came_back = after(1), .limit = 2, .until = at(9)}).is_over);
}

TEST_F(BoundedStart, AGapIsLeftToTheStream) {
  store({{0}, {1}});
  for (const auto& gap : {after(1, 99), after(9), sse::start_point(sse::start_malformed{"?"})}) {
    const auto start = settled({.named = after(0), .came_back = gap, .limit = 1, .until = at(0)});
    EXPECT_EQ(sse::text_of(start.start), sse::text_of(gap));
    EXPECT_EQ(start.limit, 1u);
    EXPECT_FALSE(start.is_over);
  }
}

}  // namespace
}  // namespace event_relay
