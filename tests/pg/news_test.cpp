#include "journal_under_test.hpp"

#include <gmock/gmock.h>

#include <future>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;
using News = JournalTest;

constexpr auto long_wait = 30s;  // never waited out when the journal works

TEST_P(News, TellTheNewestPosition) {
  const auto reader = another_connection();
  reader->listen();
  publish(3);
  EXPECT_EQ(reader->wait_for_news(long_wait), 3U);
}

TEST_P(News, ThatCameBeforeTheWaitAreNotLost) {
  const auto reader = another_connection();
  reader->listen();
  publish(1);
  publish(1);
  EXPECT_EQ(reader->bounds().head, 2U) << "brings the notices into the client's buffer together with the answer";
  position_t newest = 0;
  while (newest < 2) newest = reader->wait_for_news(long_wait).value();
  EXPECT_EQ(newest, 2U);
}

TEST_P(News, EndAWaitThatIsUnderWay) {
  const auto reader = another_connection();
  reader->listen();
  auto heard = std::async(std::launch::async, [&] { return reader->wait_for_news(long_wait); });
  publish(1);
  EXPECT_EQ(heard.get(), 1U);
}

TEST_P(News, ComeAgainForTheNextAppend) {
  const auto reader = another_connection();
  reader->listen();
  for (position_t position = 1; position <= 20; ++position) {
    publish(1);
    EXPECT_EQ(reader->wait_for_news(long_wait), position);
  }
  EXPECT_EQ(reader->wait_for_news(0ms), std::nullopt);
}

TEST_P(News, AreNotToldWhenNothingWasStored) {
  const auto reader = another_connection();
  append(connection(), {event("1", "", "key")});
  reader->listen();
  append(connection(), {event("1", "", "key")});
  EXPECT_EQ(reader->wait_for_news(20ms), std::nullopt);
}

TEST_P(News, AreForEveryListener) {
  const auto first = another_connection();
  const auto second = another_connection();
  first->listen();
  second->listen();
  publish(1);
  EXPECT_EQ(first->wait_for_news(long_wait), 1U);
  EXPECT_EQ(second->wait_for_news(long_wait), 1U);
}

TEST_P(News, WaitEndsAtTheTimeOut) {
  connection().listen();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(connection().wait_for_news(30ms), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 30ms);
}

TEST_P(News, WakeEndsAWaitAtOnce) {
  connection().listen();
  auto heard = std::async(std::launch::async, [&] { return connection().wait_for_news(long_wait); });
  connection().wake();
  EXPECT_EQ(heard.get(), std::nullopt);
}

TEST_P(News, WakeBeforeTheWaitEndsTheNextOneAndNoOther) {
  connection().listen();
  connection().wake();
  connection().wake();
  EXPECT_EQ(connection().wait_for_news(long_wait), std::nullopt);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(connection().wait_for_news(20ms), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 20ms);
}

TEST_P(News, AWaitEndsWhenTheConnectionIsCut) {
  connection().listen();
  auto heard = std::async(std::launch::async, [&] { return connection().wait_for_news(long_wait); });
  under_test_->cut_connections();
  EXPECT_THROW(heard.get(), journal_unavailable);
  EXPECT_THROW(connection().wait_for_news(1ms), journal_unavailable);
}

EVENT_RELAY_FOR_EVERY_JOURNAL(News);

}  // namespace
}  // namespace event_relay::test
