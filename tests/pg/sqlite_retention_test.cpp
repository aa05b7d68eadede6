#include "sqlite_fixture.hpp"

#include <gmock/gmock.h>

#include <future>

namespace event_relay::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class SqliteRetention : public Sqlite {
 protected:
  SqliteRetention() { start(); }
  position_t oldest() { return read_page(*connection_, 0).front().position; }
};

TEST_F(SqliteRetention, WithoutLimitsRemovesNothing) {
  publish(50);
  EXPECT_EQ(connection_->retain({}).floor, 0U);
  EXPECT_EQ(oldest(), 1U);
}

TEST_F(SqliteRetention, KeepsTheNewestEvents) {
  publish(10'000);
  const auto done = connection_->retain({.max_events = 20});
  EXPECT_EQ(done.floor, 9'980U);
  EXPECT_GT(done.partitions_dropped, 1U);
  EXPECT_EQ(oldest(), 9'981U);
  EXPECT_EQ(number("SELECT count(*) FROM journal"), 20);
  EXPECT_EQ(connection_->retain({.max_events = 20}).partitions_dropped, 0U);
}

TEST_F(SqliteRetention, NeverRemovesTheNewestEvent) {
  publish(20);
  EXPECT_EQ(connection_->retain({.max_bytes = 1}).floor, 19U);
  EXPECT_EQ(oldest(), 20U);
}

TEST_F(SqliteRetention, OfAnEmptyJournalDoesNothing) {
  EXPECT_EQ(connection_->retain({.max_age = 1s, .max_events = 1, .max_bytes = 1}).floor, 0U);
}

TEST_F(SqliteRetention, RemovesWhatIsTooOld) {
  publish(35);
  sql("UPDATE journal SET created_at = created_at - 7200000000 WHERE position <= 25");
  EXPECT_EQ(connection_->retain({.max_age = 3h}).floor, 0U);
  EXPECT_EQ(connection_->retain({.max_age = 1h}).floor, 25U);
}

TEST_F(SqliteRetention, KeepsWhatIsYoungBeforeSomethingOld) {
  publish(35);
  sql("UPDATE journal SET created_at = created_at - 7200000000 WHERE position <= 10 OR position > 20");
  EXPECT_EQ(connection_->retain({.max_age = 1h}).floor, 10U) << "clocks are set back now and then";
}

TEST_F(SqliteRetention, RemovesWhatTakesTooMuchSpace) {
  for (int i = 0; i < 12; ++i) publish(1'000, std::string(400, 'x'));
  const auto used = static_cast<std::uint64_t>(number("PRAGMA page_count") * number("PRAGMA page_size"));
  EXPECT_EQ(connection_->retain({.max_bytes = used * 2}).floor, 0U);
  const auto floor = connection_->retain({.max_bytes = used / 2}).floor;
  EXPECT_GE(floor, 6'000U);
  EXPECT_LE(floor, 8'000U);
}

TEST_F(SqliteRetention, KeepsWhatAConsumerHasYetToAcknowledge) {
  publish(55);
  const auto epoch = connection_->bounds().current_epoch();
  connection_->claim_consumer("fast", {epoch, 50});
  connection_->claim_consumer("slow", {epoch, 14});
  EXPECT_EQ(connection_->retain({.max_events = 20}).floor, 14U);
  connection_->acknowledge("slow", {epoch, 20});
  EXPECT_EQ(connection_->retain({.max_events = 20}).floor, 20U);
  EXPECT_EQ(connection_->retain({.max_events = 20, .overtake_consumers = true}).floor, 35U);
}

TEST_F(SqliteRetention, FinishesWhatWasInterruptedAndShowsNothingOfIt) {
  publish(35);
  sql("UPDATE state SET floor = 30");
  EXPECT_EQ(oldest(), 31U);
  EXPECT_FALSE(connection_->find(30));
  connection_->retain({.max_events = 1'000});
  EXPECT_EQ(number("SELECT count(*) FROM journal"), 5);
}

TEST_F(SqliteRetention, NumbersGoOnAndKeysAreStillKnown) {
  append(*connection_, {{topic_, "", "k", "keyed"}});
  publish(29);
  connection_->retain({.max_events = 1});
  EXPECT_THAT(positions(append(*connection_, {{topic_, "", "", "next"}})), ElementsAre(31));
  const auto again = append(*connection_, {{topic_, "", "k", "keyed"}}).events[0];
  EXPECT_EQ(again.what, appended::outcome::duplicate);
  EXPECT_EQ(again.position, 1U);
}

TEST_F(SqliteRetention, DoesNotKeepAPublisherWaiting) {
  for (int i = 0; i < 20; ++i) publish(2'000);
  auto removal = std::async(std::launch::async, [&] { return opened()->retain({.max_events = 1}); });
  std::size_t published = 0;
  while (removal.wait_for(0s) == std::future_status::timeout) {
    publish(1);
    ++published;
  }
  EXPECT_GT(published, 5U);
  EXPECT_GE(removal.get().floor, 39'999U);
}

}  // namespace
}  // namespace event_relay::test
