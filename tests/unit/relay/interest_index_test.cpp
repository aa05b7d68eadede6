#include "event_relay/relay/interest_index.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>

namespace event_relay {
namespace {

struct subscriber {
  int number = 0;
  std::vector<topic_id> topics;
  std::vector<interest_link> links;
};
using numbers = std::multiset<int>;

class InterestIndex : public testing::Test {
 protected:
  subscriber& add(std::vector<topic_id> topics) {
    auto& one = *all.emplace_back(std::make_unique<subscriber>());
    one.number = ++last;
    one.topics = std::move(topics);
    index.add(one, one.topics);
    return one;
  }
  void remove(const subscriber& one) {
    const auto found = std::ranges::find_if(all, [&](const auto& other) { return other.get() == &one; });
    index.remove(**found, one.topics.empty());
    EXPECT_TRUE((*found)->links.empty());
    all.erase(found);
  }
  numbers of(topic_id topic) const {
    numbers found;
    index.for_topic(topic, [&](const subscriber& one) { found.insert(one.number); });
    return found;
  }
  numbers of_all_topics() const {
    numbers found;
    index.for_all_topics([&](const subscriber& one) { found.insert(one.number); });
    return found;
  }
  numbers of_every_topic() const {
    numbers found;
    index.for_every_topic([&](const subscriber& one) { found.insert(one.number); });
    return found;
  }

  std::vector<std::unique_ptr<subscriber>> all;
  interest_index<subscriber> index;
  int last = 0;
};

TEST_F(InterestIndex, IsEmptyAtFirst) {
  EXPECT_EQ(of(topic_id{1}), numbers{});
  EXPECT_EQ(of_all_topics(), numbers{});
  EXPECT_FALSE(index.has_topic_subscribers());
}

TEST_F(InterestIndex, FindsTheSubscribersOfATopic) {
  add({topic_id{1}});
  add({topic_id{1}, topic_id{2}});
  add({});
  EXPECT_EQ(of(topic_id{1}), (numbers{1, 2}));
  EXPECT_EQ(of(topic_id{2}), numbers{2});
  EXPECT_EQ(of(topic_id{3}), numbers{});
  EXPECT_EQ(of_all_topics(), numbers{3});
  EXPECT_EQ(of_every_topic(), (numbers{1, 2, 2}));
  EXPECT_TRUE(index.has_topic_subscribers());
}

TEST_F(InterestIndex, ForgetsWhoLeaves) {
  auto& first = add({topic_id{1}, topic_id{2}});
  auto& second = add({topic_id{1}});
  auto& third = add({});
  remove(first);
  EXPECT_EQ(of(topic_id{1}), numbers{2});
  EXPECT_EQ(of(topic_id{2}), numbers{});
  remove(second);
  remove(third);
  EXPECT_FALSE(index.has_topic_subscribers());
  EXPECT_EQ(of_all_topics(), numbers{});
}

TEST_F(InterestIndex, AgreesWithAList) {
  std::mt19937 random{1};
  for (int step = 0; step < 5'000; ++step) {
    if (all.empty() || random() % 2 == 0) {
      std::vector<topic_id> topics;
      for (std::uint32_t topic = 1; topic <= 5; ++topic)
        if (random() % 3 == 0) topics.push_back(topic_id{topic});
      add(std::move(topics));
    } else {
      remove(*all[random() % all.size()]);
    }
    numbers everything;
    for (const auto& one : all)
      if (one->topics.empty()) everything.insert(one->number);
    ASSERT_EQ(of_all_topics(), everything);
    for (std::uint32_t topic = 1; topic <= 5; ++topic) {
      numbers expected;
      for (const auto& one : all)
        if (std::ranges::find(one->topics, topic_id{topic}) != one->topics.end()) expected.insert(one->number);
      ASSERT_EQ(of(topic_id{topic}), expected);
    }
  }
}

}  // namespace
}  // namespace event_relay
