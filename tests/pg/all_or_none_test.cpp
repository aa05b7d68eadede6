#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;

// Batches that one publisher has sent whole, with a key for each event.
class AllOrNone : public JournalTest {
 protected:
  append_receipt append_whole(const std::vector<new_event>& events, const batch_id& id = new_batch_id(),
                              known_keys how = known_keys::all_or_none) {
    std::vector<const new_event*> pointers;
    for (const auto& event : events) pointers.push_back(&event);
    return connection().append(id, pointers, how);
  }
  const std::vector<new_event> batch() const { return {event("a", "", "k#1"), event("b", "", "k#2")}; }
};

TEST_P(AllOrNone, NewKeysAreStored) {
  EXPECT_THAT(positions(append_whole(batch())), ElementsAre(1, 2));
}

TEST_P(AllOrNone, TheSameAgainIsKnown) {
  append_whole(batch());
  publish(1);
  const auto again = append_whole(batch());
  EXPECT_THAT(positions(again), ElementsAre(1, 2));
  for (const auto& event : again.events) EXPECT_EQ(event.what, appended::outcome::duplicate);
  EXPECT_EQ(connection().bounds().head, 3U);
}

TEST_P(AllOrNone, OneThatDiffersRefusesAll) {
  append_whole(batch());
  auto other = batch();
  other[1].data = "c";
  EXPECT_THROW(append_whole(other), key_conflict);
  EXPECT_EQ(connection().bounds().head, 2U);
}

TEST_P(AllOrNone, OneThatIsNewRefusesAll) {
  append_whole(batch());
  auto longer = batch();
  longer.push_back(event("c", "", "k#3"));
  EXPECT_THROW(append_whole(longer), key_conflict);
  EXPECT_EQ(connection().bounds().head, 2U);
  EXPECT_THAT(positions(append(connection(), {event("c", "", "k#3")})), ElementsAre(3)) << "its key was not kept";
}

TEST_P(AllOrNone, AskedAgainByItsIdGetsTheSameReceipt) {
  const auto id = new_batch_id();
  append_whole(batch(), id);
  const auto again = append_whole(batch(), id);
  EXPECT_THAT(positions(again), ElementsAre(1, 2));
  for (const auto& event : again.events) EXPECT_EQ(event.what, appended::outcome::stored);
}

TEST_P(AllOrNone, WithKeysOfTheirOwnTheKnownArePassedOver) {
  append_whole(batch());
  auto longer = batch();
  longer.push_back(event("c", "", "k#3"));
  const auto receipt = append_whole(longer, new_batch_id(), known_keys::never_reused);
  EXPECT_THAT(positions(receipt), ElementsAre(1, 2, 3));
  EXPECT_EQ(receipt.events[1].what, appended::outcome::duplicate);
  EXPECT_EQ(receipt.events[2].what, appended::outcome::stored);
}

TEST_P(AllOrNone, WithKeysOfTheirOwnOneThatDiffersStillRefusesAll) {
  append_whole(batch());
  EXPECT_THROW(append_whole({event("c", "", "k#3"), event("other", "", "k#1")}, new_batch_id(), known_keys::never_reused),
               key_conflict);
  EXPECT_EQ(connection().bounds().head, 2U);
}

EVENT_RELAY_FOR_EVERY_JOURNAL(AllOrNone);

}  // namespace
}  // namespace event_relay::test
