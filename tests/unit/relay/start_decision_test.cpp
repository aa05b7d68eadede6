#include "event_relay/relay/start_decision.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace event_relay {
namespace {

using sse::gap_reason;

/// Epoch 5 holds the positions up to 99, 6 those from 100, 8 those from 150 (7 was lost whole); 20 were removed.
const journal_bounds bounds{{{5, 1}, {6, 100}, {8, 150}}, 20, 200};

sse::start_point after(position_t position, std::optional<epoch_t> epoch) {
  return sse::start_after{epoch, position, "text"};
}

struct row {
  const char* name;
  sse::start_point start;
  position_t goes_on_after;
  std::optional<gap_reason> gap;
};

class Start : public testing::TestWithParam<row> {};

TEST_P(Start, GoesOnWhereItShould) {
  const auto decision = decide_start(GetParam().start, bounds, gap_policy::earliest, true);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->after, GetParam().goes_on_after);
  EXPECT_EQ(decision->gap, GetParam().gap);
}

TEST_P(Start, OnAGapGoesOnLiveIfThatIsWanted) {
  const auto decision = decide_start(GetParam().start, bounds, gap_policy::live, true);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->after, GetParam().gap ? bounds.head : GetParam().goes_on_after);
  EXPECT_EQ(decision->gap, GetParam().gap);
}

TEST_P(Start, WithOldBoundsIsDecidedAlikeOrNotAtAll) {
  const auto decision = decide_start(GetParam().start, bounds, gap_policy::earliest, false);
  const bool may_be_newer = GetParam().gap == gap_reason::future ||
                            (GetParam().gap == gap_reason::unknown_epoch &&
                             std::get<sse::start_after>(GetParam().start).epoch > bounds.current_epoch());
  EXPECT_EQ(decision.has_value(), !may_be_newer);
  if (decision) {
    EXPECT_EQ(decision->after, GetParam().goes_on_after);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Start,
    testing::Values(row{"live", sse::start_live{}, 200, {}}, row{"live_since", sse::start_live{8, 190}, 190, {}},
                    row{"live_since_head", sse::start_live{8, 200}, 200, {}},
                    row{"live_since_an_older_epoch", sse::start_live{6, 120}, 120, {}},
                    row{"live_since_lost", sse::start_live{6, 160}, 149, {}},
                    row{"live_since_unknown", sse::start_live{7, 160}, 200, {}},
                    row{"live_since_removed", sse::start_live{5, 3}, 20, {}}, row{"earliest", sse::start_earliest{}, 20, {}},
                    row{"malformed", sse::start_malformed{"?"}, 20, gap_reason::malformed},
                    row{"bare", after(150, {}), 150, {}}, row{"bare_at_floor", after(20, {}), 20, {}},
                    row{"bare_zero", after(0, {}), 20, gap_reason::expired},
                    row{"bare_beyond", after(201, {}), 20, gap_reason::future}, row{"current", after(170, 8), 170, {}},
                    row{"at_head", after(200, 8), 200, {}}, row{"beyond_head", after(201, 8), 20, gap_reason::future},
                    row{"far_beyond", after(~position_t{0} >> 1, 8), 20, gap_reason::future},
                    row{"current_epoch_old_position", after(60, 8), 60, {}},
                    row{"just_expired", after(19, 5), 20, gap_reason::expired},
                    row{"zero", after(0, 5), 20, gap_reason::expired}, row{"old_epoch", after(60, 5), 60, {}},
                    row{"last_of_old_epoch", after(99, 5), 99, {}},
                    row{"first_lost", after(100, 5), 99, gap_reason::history_lost},
                    row{"far_lost", after(180, 5), 99, gap_reason::history_lost},
                    row{"lost_and_beyond", after(9'999, 5), 99, gap_reason::history_lost},
                    row{"last_of_middle", after(149, 6), 149, {}},
                    row{"lost_of_middle", after(150, 6), 149, gap_reason::history_lost},
                    row{"lost_epoch", after(120, 7), 20, gap_reason::unknown_epoch},
                    row{"before_all_epochs", after(60, 4), 20, gap_reason::unknown_epoch},
                    row{"newer_epoch", after(60, 9), 20, gap_reason::unknown_epoch}),
    [](const auto& one) { return one.param.name; });

TEST(StartDecision, AForkThatRetentionHasTakenIsTheFloor) {
  const journal_bounds late{{{5, 1}, {6, 10}}, 50, 60};
  const auto decision = decide_start(after(30, 5), late, gap_policy::earliest, true);
  ASSERT_TRUE(decision);
  EXPECT_EQ(decision->after, 50u);
  EXPECT_EQ(decision->gap, gap_reason::history_lost);
}

TEST(StartDecision, AnEmptyJournalBeginsAtZero) {
  const journal_bounds empty{{{5, 1}}, 0, 0};
  for (const auto& start :
       {sse::start_point{sse::start_live{}}, sse::start_point{sse::start_earliest{}}, after(0, 5)}) {
    const auto decision = decide_start(start, empty, gap_policy::earliest, false);
    ASSERT_TRUE(decision);
    EXPECT_EQ(decision->after, 0u);
    EXPECT_FALSE(decision->gap);
  }
}

TEST(StartDecision, TheNearestForkCounts) {
  const journal_bounds shrinking{{{5, 1}, {6, 100}, {7, 100}}, 0, 120};
  const auto decision = decide_start(after(110, 5), shrinking, gap_policy::earliest, true);
  EXPECT_EQ(decision->after, 99u);
}

TEST(StartDecision, ARunningStreamGoesOnIfItLostNothing) {
  const auto decision = continue_in_new_epoch(5, 99, bounds);
  EXPECT_EQ(decision.after, 99u);
  EXPECT_FALSE(decision.gap);
}

TEST(StartDecision, ARunningStreamGoesBackToTheForkIfItWroteWhatIsLost) {
  const auto decision = continue_in_new_epoch(5, 100, bounds);
  EXPECT_EQ(decision.after, 99u);
  EXPECT_EQ(decision.gap, gap_reason::history_lost);
}

}  // namespace
}  // namespace event_relay
