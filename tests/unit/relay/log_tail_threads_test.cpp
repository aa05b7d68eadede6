#include "event_relay/relay/log_tail.hpp"
#include "event_relay/sse/frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace event_relay {
namespace {

using place = tail_window::place;

constexpr position_t last_position = 20'000;

std::string data_of(epoch_t epoch, position_t position) {
  return std::to_string(epoch) + '/' + std::to_string(position) + std::string(position % 50, '.');
}

std::string frame_of(epoch_t epoch, position_t position) {
  std::string frame;
  sse::append_frame(frame, "t", data_of(epoch, position), {epoch, position});
  return frame;
}

/// Appends in batches that overlap with what the other source brings.
class source {
 public:
  source(log_tail& tail, unsigned seed) : tail_(tail), random_{seed} {}

  /// Until that position is in, or the history is over.
  void run(epoch_t epoch, position_t up_to) {
    while (tail_.epoch() == epoch && tail_.head() < up_to) {
      const auto head = tail_.head();
      const auto first = head - std::min<position_t>(head, random_() % 8) + 1;
      const auto last = std::min(up_to, first + random_() % 64);
      std::vector<std::string> data;
      for (auto position = first; position <= last; ++position) data.push_back(data_of(epoch, position));
      std::vector<event_view> events;
      for (auto position = first; position <= last; ++position)
        events.push_back({position, topic_id{1}, "t", data[position - first]});
      tail_.append(epoch, events);
    }
  }

 private:
  log_tail& tail_;
  std::mt19937 random_;
};

/// Follows the tail to the last position of the last epoch; where the tail begins later it skips, as if pages of the
/// journal had come.
class follower {
 public:
  follower(const log_tail& tail, epoch_t last_epoch) : tail_(tail), last_epoch_(last_epoch) {}

  void run() {
    for (epoch_t epoch = 0; wrong.empty() && !(epoch == last_epoch_ && position_ == last_position);) {
      const auto window = tail_.read_after(position_);
      if (window.epoch != epoch) {
        epoch = window.epoch;
        position_ = 0;
        continue;
      }
      switch (window.where) {
        case place::inside: read(window); break;
        case place::behind: position_ = std::min(position_ + 64, last_position - 1); break;
        case place::at_head:
        case place::closed: std::this_thread::yield(); break;
      }
    }
    // What the tail has dropped long ago is still what it was to those who hold it.
    for (const auto& [epoch, segment] : kept_)
      for (std::size_t index = 0; index < segment->size(); ++index) check(*segment, index, epoch);
  }

  std::string wrong;  ///< the first thing that was
  std::size_t events = 0;

 private:
  void read(const tail_window& window) {
    const auto& oldest = window.segments[0];
    if (oldest->first() > position_ + 1 || oldest->last() < position_ + 1)
      wrong = "the window does not begin with the next event";
    for (std::size_t i = 0; i < window.count && wrong.empty(); ++i) {
      const auto& segment = *window.segments[i];
      if (i > 0 && segment.first() != position_ + 1) wrong = "a hole between two segments";
      for (const auto end = segment.last(); position_ < end; ++events)
        check(segment, ++position_ - segment.first(), window.epoch);
    }
    if (kept_.size() < 8) kept_.emplace_back(window.epoch, oldest);
  }

  void check(const log_segment& segment, std::size_t index, epoch_t epoch) {
    const auto position = segment.first() + index;
    if (segment.frame(index) == frame_of(epoch, position) && segment.type(index) == "t") return;
    wrong = "event " + std::to_string(position) + " of epoch " + std::to_string(epoch) + " is " +
            std::string(segment.frame(index));
  }

  const log_tail& tail_;
  const epoch_t last_epoch_;
  position_t position_ = 0;
  std::vector<std::pair<epoch_t, std::shared_ptr<const log_segment>>> kept_;
};

class LogTailThreads : public testing::TestWithParam<std::size_t> {
 protected:
  template <class Append>
  void follow_while(epoch_t last_epoch, Append append) {
    std::vector<follower> followers(4, follower(tail, last_epoch));
    {
      std::vector<std::jthread> threads;
      for (auto& one : followers) threads.emplace_back([&one] { one.run(); });
      append();
    }
    for (const auto& one : followers) {
      EXPECT_EQ(one.wrong, "");
      EXPECT_GT(one.events, 0u);
    }
    EXPECT_EQ(tail.head(), last_position);
  }

  log_tail tail{GetParam()};
};

TEST_P(LogTailThreads, FollowOneSource) {
  tail.restart(1, 0);
  follow_while(1, [&] { source(tail, 1).run(1, last_position); });
}

TEST_P(LogTailThreads, FollowTwoSourcesOfTheSameEvents) {
  tail.restart(1, 0);
  follow_while(1, [&] {
    std::jthread writer([&] { source(tail, 2).run(1, last_position); });
    source(tail, 3).run(1, last_position);
  });
}

TEST_P(LogTailThreads, FollowAHistoryThatIsCutOffAgainAndAgain) {
  constexpr epoch_t last_epoch = 20;
  follow_while(last_epoch, [&] {
    std::jthread writer([&] {
      source writes(tail, 4);
      while (tail.epoch() < last_epoch || tail.head() < last_position) {
        if (const auto epoch = tail.epoch(); epoch > 0) writes.run(epoch, last_position);
        std::this_thread::yield();
      }
    });
    source tails(tail, 5);
    for (epoch_t epoch = 1; epoch <= last_epoch; ++epoch) {
      tail.restart(epoch, epoch == 1 ? 0 : tail.head() / 2);
      tails.run(epoch, epoch == last_epoch ? last_position : 3'000);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Sizes, LogTailThreads,
                         testing::Values(std::size_t{0}, std::size_t{1} << 20, std::size_t{64} << 20),
                         [](const auto& size) { return std::to_string(size.param >> 20) + "MiB"; });

}  // namespace
}  // namespace event_relay
