#include "event_relay/journal/verification.hpp"

#include <gmock/gmock.h>

namespace event_relay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Verification, EpochsThatGoUpAndCoverAllEventsAreSound) {
  EXPECT_THAT(faults_of_epochs({{{7, 1}}, 0, 0}), IsEmpty());
  EXPECT_THAT(faults_of_epochs({{{7, 1}, {8, 5}, {9, 5}, {12, 11}}, 0, 10}), IsEmpty());
  EXPECT_THAT(faults_of_epochs({{{7, 3}}, 2, 10}), IsEmpty());
  EXPECT_THAT(faults_of_epochs({{}, 0, 0}), IsEmpty()) << "no relay has opened it yet";
}

TEST(Verification, EpochsThatCannotBeAreNamed) {
  EXPECT_THAT(faults_of_epochs({{}, 0, 3}), ElementsAre("there are events, and no epoch"));
  EXPECT_THAT(faults_of_epochs({{{7, 4}}, 1, 10}), ElementsAre("events 2 to 3 without an epoch"));
  EXPECT_THAT(faults_of_epochs({{{7, 1}, {8, 12}}, 0, 10}),
              ElementsAre("epoch 8 begins at 12, and the newest event is 10"));
  EXPECT_THAT(faults_of_epochs({{{7, 1}, {8, 6}, {9, 4}}, 0, 10}),
              ElementsAre("epoch 9 begins at 4, before epoch 8 at 6"));
  EXPECT_THAT(faults_of_epochs({{{8, 1}, {7, 6}}, 0, 10}), ElementsAre("epoch 7 follows epoch 8"));
  EXPECT_THAT(faults_of_epochs({{{7, 0}}, 0, 10}), ElementsAre("epoch 7 begins at 0: positions count from 1"));
}

TEST(Verification, PartitionsMustHaveEveryEvent) {
  using list = std::vector<partition_record>;
  EXPECT_THAT(faults_of_partitions(list{{1, 10, true}, {11, 30, true}, {31, 40, false}}, {{}, 0, 25}), IsEmpty());
  EXPECT_THAT(faults_of_partitions(list{{1, 10, true}, {11, 20, true}}, {{}, 5, 20}), IsEmpty());
  EXPECT_THAT(faults_of_partitions(list{}, {{}, 5, 5}), IsEmpty());
  EXPECT_THAT(faults_of_partitions(list{{1, 10, false}, {11, 20, true}}, {{}, 0, 15}),
              ElementsAre("the partition from 1 to 10 is not attached", "no partition has events 1 to 10"));
  EXPECT_THAT(faults_of_partitions(list{{1, 10, true}}, {{}, 0, 11}), ElementsAre("no partition has event 11"));
  EXPECT_THAT(faults_of_partitions(list{{1, 10, true}, {9, 20, true}}, {{}, 0, 11}),
              ElementsAre("the partition from 9 to 20 overlaps the one before it"));
}

}  // namespace
}  // namespace event_relay
