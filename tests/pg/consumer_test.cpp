#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;

class Consumers : public JournalTest {
 protected:
  std::vector<std::string> names() {
    std::vector<std::string> all;
    for (const auto& one : connection().consumers()) all.push_back(one.name);
    return all;
  }
};

TEST_P(Consumers, ANewOneBeginsWhereItsFirstReaderDoes) {
  EXPECT_THAT(names(), ElementsAre());
  const auto one = connection().claim_consumer("lending", {7, 3});
  EXPECT_EQ(one.name, "lending");
  EXPECT_EQ(one.cursor, (event_id{7, 3}));
  EXPECT_EQ(one.created_at, one.acked_at);
  EXPECT_THAT(names(), ElementsAre("lending"));
}

TEST_P(Consumers, AKnownOneGoesOnWhereItWas) {
  connection().claim_consumer("lending", {7, 3});
  connection().acknowledge("lending", {7, 5});
  const auto again = another_connection()->claim_consumer("lending", {7, 100});
  EXPECT_EQ(again.cursor, (event_id{7, 5}));
}

TEST_P(Consumers, EachClaimHasAHigherNumberAlsoAfterARemoval) {
  const auto first = connection().claim_consumer("lending", {7, 0}).reader;
  const auto second = connection().claim_consumer("lending", {7, 0}).reader;
  EXPECT_GT(second, first);
  EXPECT_TRUE(connection().remove_consumer("lending"));
  EXPECT_GT(connection().claim_consumer("lending", {7, 0}).reader, second);
}

TEST_P(Consumers, AnAcknowledgementNeverGoesBackwards) {
  connection().claim_consumer("lending", {7, 3});
  EXPECT_EQ(connection().acknowledge("lending", {7, 9})->cursor, (event_id{7, 9}));
  EXPECT_EQ(connection().acknowledge("lending", {7, 8})->cursor, (event_id{7, 9}));
  EXPECT_EQ(connection().acknowledge("lending", {8, 4})->cursor, (event_id{8, 4})) << "a newer history";
  EXPECT_EQ(connection().acknowledge("lending", {7, 99})->cursor, (event_id{8, 4})) << "an older history";
}

TEST_P(Consumers, AnAcknowledgementKeepsTheReader) {
  const auto reader = connection().claim_consumer("lending", {7, 0}).reader;
  EXPECT_EQ(connection().acknowledge("lending", {7, 1})->reader, reader);
}

TEST_P(Consumers, AResetGoesAnywhereAndEndsTheReader) {
  const auto reader = connection().claim_consumer("lending", {7, 9}).reader;
  const auto reset = connection().reset_consumer("lending", {7, 2});
  EXPECT_EQ(reset->cursor, (event_id{7, 2}));
  EXPECT_GT(reset->reader, reader);
}

TEST_P(Consumers, OneThatIsNotThereCannotBeMoved) {
  EXPECT_FALSE(connection().acknowledge("nobody", {7, 1}));
  EXPECT_FALSE(connection().reset_consumer("nobody", {7, 1}));
  EXPECT_FALSE(connection().remove_consumer("nobody"));
  EXPECT_THAT(names(), ElementsAre());
}

TEST_P(Consumers, AreListedByName) {
  for (const auto* name : {"b", "c", "a"}) connection().claim_consumer(name, {7, 0});
  connection().remove_consumer("c");
  EXPECT_THAT(names(), ElementsAre("a", "b"));
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Consumers);

}  // namespace
}  // namespace event_relay::test
