#include "journal/sqlite_store.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace event_relay {
namespace {

using namespace std::chrono_literals;

TEST(WriteTurns, AreOneAtATime) {
  write_turns turns;
  int written = 0;  // unprotected but for the turn
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i)
    writers.emplace_back([&] {
      for (int n = 0; n < 500; ++n) {
        const auto turn = turns.take();
        ++written;
      }
    });
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(written, 2'000);
}

TEST(AppendNews, TheLastOneIsHeardByEveryListener) {
  constexpr position_t last = 2'000;
  append_news news;
  std::vector<append_news::listener> listeners(3);
  for (auto& one : listeners) news.listen(one);
  std::vector<std::thread> threads;
  for (auto& one : listeners)
    threads.emplace_back([&] {
      for (position_t heard = 0; heard < last;) {
        ASSERT_TRUE(news.wait(one, std::chrono::steady_clock::now() + 30s));
        const auto position = news.take(one);
        ASSERT_GT(position, heard);
        heard = *position;
      }
    });
  for (position_t position = 1; position <= last; ++position) news.announce(position);
  for (auto& thread : threads) thread.join();
}

TEST(AppendNews, AWakeEndsOneWaitOfItsListenerOnly) {
  append_news news;
  append_news::listener woken;
  append_news::listener other;
  std::thread waker{[&] { news.wake(woken); }};
  EXPECT_TRUE(news.wait(woken, std::chrono::steady_clock::now() + 30s));
  waker.join();
  EXPECT_EQ(news.take(woken), std::nullopt);
  EXPECT_FALSE(news.wait(woken, std::chrono::steady_clock::now()));
  EXPECT_FALSE(news.wait(other, std::chrono::steady_clock::now()));
}

}  // namespace
}  // namespace event_relay
