#include "event_relay/relay/log_tail.hpp"
#include "event_relay/relay/wake_flag.hpp"
#include "support/sample_log.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>
#include <vector>

// What handlers, writer and tailer share, under real threads. ThreadSanitizer runs these, so no actor is in them.
namespace event_relay {
namespace {

constexpr epoch_t epoch = test::sample_log::first_epoch;
constexpr int readers = 3;

class TailThreads : public testing::Test {
 protected:
  /// Appends the events one by one or in runs, as far as they follow: another thread may have been faster.
  static void append_all(log_tail& tail, const std::vector<event_view>& events, std::size_t run) {
    while (tail.head() < events.size()) {
      const auto head = tail.head();
      const auto count = std::min<std::size_t>(run, events.size() - head);
      if (count > 0) tail.append(epoch, std::span(events).subspan(head, count));
    }
  }

  /// Reads until the last event, frame by frame. Behind: begins anew at the head, as a replay would bring it there.
  static void read_all(const log_tail& tail, position_t last, const std::vector<std::string>& frames) {
    position_t position = 0;
    while (position < last) {
      const auto window = tail.read_after(position);
      if (window.where == tail_window::place::behind) position = tail.head();
      if (window.where != tail_window::place::inside) continue;
      for (std::size_t i = 0; i < window.count; ++i) {
        const auto& segment = *window.segments[i];
        ASSERT_LE(segment.first(), position + 1);
        for (const auto end = segment.last(); position < end; ++position)
          ASSERT_EQ(segment.frame(static_cast<std::size_t>(position + 1 - segment.first())), frames[position]);
      }
    }
  }

  void play(std::size_t tail_bytes, int events, std::size_t data_bytes) {
    for (int i = 0; i < events; ++i) log.add(topic_id{1}, "type", std::to_string(i) + std::string(data_bytes, 'x'));
    std::vector<event_view> views;
    std::vector<std::string> frames;
    for (position_t position = 1; position <= log.head(); ++position) {
      views.push_back(log.at(position));
      frames.push_back(log.on_wire(position, sse::body_framing::close_delimited));
    }
    log_tail tail{tail_bytes};
    tail.restart(epoch, 0);
    std::vector<std::thread> threads;
    threads.emplace_back([&] { append_all(tail, views, 1); });   // the writer
    threads.emplace_back([&] { append_all(tail, views, 17); });  // the tailer, with the same events
    for (int i = 0; i < readers; ++i) threads.emplace_back([&] { read_all(tail, log.head(), frames); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(tail.head(), log.head());
  }

  test::sample_log log;
};

TEST_F(TailThreads, ReadersSeeEveryEventWholeAndInOrder) { play(64 << 20, 20'000, 20); }

TEST_F(TailThreads, ReadersMayHoldWhatIsBeingForgotten) { play(1, 2'000, 20'000); }

TEST_F(TailThreads, AHistoryEndsUnderItsReaders) {
  log_tail tail{64 << 20};
  tail.restart(epoch, 0);
  for (int i = 0; i < 50; ++i) log.add();
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int i = 0; i < readers; ++i)
    threads.emplace_back([&] {
      while (!over) {
        const auto window = tail.read_after(10);
        if (window.where != tail_window::place::inside) continue;
        // All that one window shows is of one history.
        const auto wanted = "id: " + std::to_string(window.epoch) + "-11\n";
        const auto& segment = *window.segments[0];
        EXPECT_NE(segment.frame(static_cast<std::size_t>(11 - segment.first())).find(wanted), std::string_view::npos);
      }
    });
  for (epoch_t later = epoch + 1; later < epoch + 300; ++later) {
    tail.restart(later, 5);
    for (position_t position = 6; position <= 50; ++position) {
      const auto event = log.at(position);
      ASSERT_TRUE(tail.append(later, {&event, 1}));
    }
  }
  over = true;
  for (auto& thread : threads) thread.join();
}

TEST_F(TailThreads, NobodyMissesAWakeUp) {
  log_tail tail{64 << 20};
  tail.restart(epoch, 0);
  for (int i = 0; i < 20'000; ++i) log.add();
  wake_flag flag;
  std::atomic<int> told{0};
  std::thread holder([&] {
    for (position_t position = 1; position <= log.head(); ++position) {
      log.feed(tail, position);
      if (flag.claim()) {
        ++told;
        told.notify_one();
      }
    }
  });
  position_t seen = 0;
  for (int turns = 1; seen < log.head(); ++turns) {
    flag.clear();  // before the tail is read
    seen = tail.head();
    if (seen == log.head()) break;
    told.wait(turns - 1);  // idle until told: for ever, if a wake-up were missed
    ASSERT_LE(told.load(), turns);
  }
  holder.join();
  EXPECT_EQ(seen, log.head());
}

TEST_F(TailThreads, OneWakeUpIsClaimedByOne) {
  wake_flag flag;
  std::atomic<int> claimed{0};
  std::barrier together(readers);
  std::vector<std::thread> threads;
  for (int i = 0; i < readers; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 2'000; ++round) {
        if (i == 0) flag.clear();
        together.arrive_and_wait();
        if (flag.claim()) ++claimed;
        together.arrive_and_wait();
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(claimed, 2'000);
}

}  // namespace
}  // namespace event_relay
