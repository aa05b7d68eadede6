#include "event_relay/relay/completion.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace event_relay {
namespace {

class Completion : public testing::Test {
 protected:
  completion<int> one() {
    return completion<int>(
        [this](result<int> answer) { answers.push_back(answer ? *answer : -answer.error().value()); });
  }
  static constexpr int abandoned = -static_cast<int>(errc::shutting_down);
  using list = std::vector<int>;
  list answers;
};

TEST_F(Completion, PassesTheAnswerOn) {
  auto done = one();
  done(5);
  EXPECT_EQ(answers, list{5});
}

TEST_F(Completion, PassesAnErrorOn) {
  auto done = one();
  done(errc::journal_unavailable);
  EXPECT_EQ(answers, list{-static_cast<int>(errc::journal_unavailable)});
}

TEST_F(Completion, AnswersOnceOnly) {
  {
    auto done = one();
    done(1);
    done(2);
  }
  EXPECT_EQ(answers, list{1});
}

TEST_F(Completion, LetGoOfWithoutAnAnswerItAnswers) {
  { const auto done = one(); }
  EXPECT_EQ(answers, list{abandoned});
}

TEST_F(Completion, MovedItAnswersAtItsNewPlaceOnly) {
  {
    auto done = one();
    auto other = std::move(done);
    done(1);  // NOLINT(bugprone-use-after-move): nothing is left to answer
    EXPECT_EQ(answers, list{});
    other(2);
  }
  EXPECT_EQ(answers, list{2});
}

TEST_F(Completion, AssignedOverItAnswersForWhatItWas) {
  auto done = one();
  done = one();
  EXPECT_EQ(answers, list{abandoned});
  done(3);
  EXPECT_EQ(answers, (list{abandoned, 3}));
}

TEST_F(Completion, AnEmptyOneAnswersNobody) {
  completion<int> none;
  none(1);
  EXPECT_EQ(answers, list{});
}

TEST_F(Completion, TakesCallbacksThatCanOnlyBeMoved) {
  completion<std::unique_ptr<int>> done(
      [this, key = std::make_unique<int>(40)](auto answer) { answers.push_back(*key + **answer); });
  done(std::make_unique<int>(2));
  EXPECT_EQ(answers, list{42});
}

TEST_F(Completion, MayBeAnsweredInsideItsOwnCallback) {
  completion<int> inner;
  completion<int> outer([&](result<int> answer) { inner(*answer + 1); });
  inner = one();
  outer(1);
  EXPECT_EQ(answers, list{2});
}

}  // namespace
}  // namespace event_relay
