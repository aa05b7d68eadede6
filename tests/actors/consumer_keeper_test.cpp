#include "actors/reader_fixture.hpp"

#include "event_relay/relay/consumer_keeper.hpp"

#include <gmock/gmock.h>

namespace event_relay {
namespace {

using testing::ElementsAre;
using action = consumer_command::action;
using answer = std::optional<result<std::vector<consumer_status>>>;

class ConsumerKeeper : public test::journal_fixture {
 protected:
  ConsumerKeeper() {
    open();
    context.consumers = system.spawn(consumer_keeper, &context);
    for (int i = 0; i < 5; ++i) store_elsewhere();
  }
  void release() override {
    context.stopping.stop();
    caf::anon_send(context.consumers, stop_atom::value);
    for (auto& reader : readers) caf::anon_send(reader.handler, stop_atom::value, close_reason::forced);
    run();
    context.consumers = consumer_keeper_actor();
    readers.clear();
    journal_fixture::release();
  }

  struct reader {
    connection_handler_actor handler;
    test::received got;
  };
  /// A subscriber that wants to be the consumer's reader; a new consumer begins there.
  reader& claim(const std::string& consumer, sse::start_point first = sse::start_live{}) {
    auto& made = readers.emplace_back();
    made.handler = system.spawn(test::keep_what_comes, &made.got);
    caf::anon_send(context.consumers, claim_atom::value,
                   claim_request_ptr(std::make_shared<claim_request>(
                       claim_request{consumer, std::move(first), gap_policy::earliest, made.handler})));
    work();
    return made;
  }
  answer manage(action what, std::string consumer, sse::start_point to = {}) {
    answer got;
    auto command = std::make_shared<consumer_command>(consumer_command{what, std::move(consumer), std::move(to), {}});
    command->done = completion<std::vector<consumer_status>>([&](auto given) { got = std::move(given); });
    caf::anon_send(context.consumers, consumer_atom::value, std::move(command));
    work();
    return got;
  }
  consumer_status one(const answer& got) const {
    if (got && *got && (*got)->size() == 1) return (*got)->front();
    ADD_FAILURE() << "not one consumer";
    return {};
  }
  static errc refusal(const answer& got) {
    return got && !*got ? static_cast<errc>(got->error().value()) : errc{};
  }
  static sse::start_point at(position_t position, std::optional<epoch_t> epoch = std::nullopt) {
    return sse::start_after{epoch, position, ""};
  }
  event_id id(position_t position) const { return {test::memory_journal::first_epoch, position}; }

  std::deque<reader> readers;
};

TEST_F(ConsumerKeeper, ANewConsumerBeginsWhereItsReaderWants) {
  EXPECT_EQ(claim("live").got.consumers.at(0)->cursor, id(5));
  EXPECT_EQ(claim("early", sse::start_earliest{}).got.consumers.at(0)->cursor, id(0));
  EXPECT_EQ(claim("there", at(3)).got.consumers.at(0)->cursor, id(3));
  EXPECT_EQ(claim("early", at(3)).got.consumers.at(0)->cursor, id(0)) << "it is not new any more";
}

TEST_F(ConsumerKeeper, ANewReaderEndsTheOneBefore) {
  auto& first = claim("lending");
  auto& second = claim("lending");
  EXPECT_THAT(first.got.supersessions, ElementsAre(supersession::another_reader));
  EXPECT_THAT(second.got.supersessions, ElementsAre());
}

TEST_F(ConsumerKeeper, AReaderElsewhereEndsTheOneHere) {
  auto& reader = claim("lending");
  elsewhere().claim_consumer("lending", id(0));
  scheduler.advance_time(std::chrono::seconds(1));
  work();
  EXPECT_THAT(reader.got.supersessions, ElementsAre(supersession::another_reader));
}

TEST_F(ConsumerKeeper, AnAcknowledgementElsewhereEndsNobody) {
  auto& reader = claim("lending", sse::start_earliest{});
  elsewhere().acknowledge("lending", id(3));
  scheduler.advance_time(std::chrono::seconds(1));
  work();
  EXPECT_THAT(reader.got.supersessions, ElementsAre());
}

TEST_F(ConsumerKeeper, AResetAndARemovalEndTheReader) {
  auto& first = claim("a");
  auto& second = claim("b");
  auto& third = claim("c");
  manage(action::reset, "a", at(1));
  manage(action::remove, "b");
  elsewhere().remove_consumer("c");
  scheduler.advance_time(std::chrono::seconds(1));
  work();
  EXPECT_THAT(first.got.supersessions, ElementsAre(supersession::reset));
  EXPECT_THAT(second.got.supersessions, ElementsAre(supersession::removal));
  EXPECT_THAT(third.got.supersessions, ElementsAre(supersession::removal));
}

TEST_F(ConsumerKeeper, TellsHowFarBehindItIs) {
  claim("lending", sse::start_earliest{});
  const auto before = one(manage(action::list, "lending"));
  EXPECT_EQ(before.lag, 5u);
  EXPECT_NE(before.waiting_since, timestamp{});
  EXPECT_TRUE(before.is_read_here);
  const auto after = one(manage(action::acknowledge, "lending", at(5)));
  EXPECT_EQ(after.consumer.cursor, id(5));
  EXPECT_EQ(after.lag, 0u);
  EXPECT_EQ(after.waiting_since, timestamp{});
}

TEST_F(ConsumerKeeper, SurveysAllOfThemNowAndThen) {
  claim("at the head");
  claim("behind", at(2));
  scheduler.advance_time(std::chrono::seconds(5));
  work();
  auto found = context.status.consumers();
  ASSERT_TRUE(found);
  ASSERT_EQ(found->count, 2u);
  EXPECT_EQ(found->furthest_behind[0].consumer.name, "behind");
  EXPECT_EQ(found->furthest_behind[0].lag, 3u);
  EXPECT_NE(found->furthest_behind[0].waiting_since, timestamp{});
  EXPECT_EQ(found->furthest_behind[1].lag, 0u);
  for (std::size_t i = 0; i < consumers_surveyed; ++i) elsewhere().claim_consumer("c" + std::to_string(i), id(0));
  scheduler.advance_time(std::chrono::seconds(5));
  work();
  found = context.status.consumers();
  EXPECT_EQ(found->count, consumers_surveyed + 2);
  EXPECT_EQ(found->furthest_behind.size(), consumers_surveyed);
  EXPECT_EQ(found->furthest_behind.back().lag, 5u) << "the two that are less far behind are left out";
}

TEST_F(ConsumerKeeper, ASurveyGoesOnWhenTheJournalWasAway) {
  journal.go_away();
  other.reset();
  scheduler.advance_time(std::chrono::seconds(5));
  work();
  journal.come_back();
  elsewhere().claim_consumer("lending", id(0));
  scheduler.advance_time(std::chrono::seconds(5));
  work();
  ASSERT_TRUE(context.status.consumers());
  EXPECT_EQ(context.status.consumers()->count, 1u);
}

TEST_F(ConsumerKeeper, AReaderThatHasGoneIsNotConnected) {
  auto& reader = claim("lending");
  caf::anon_send(reader.handler, stop_atom::value, close_reason::forced);
  work();
  EXPECT_FALSE(one(manage(action::list, "lending")).is_read_here);
}

TEST_F(ConsumerKeeper, AnOlderAcknowledgementMovesNothing) {
  claim("lending", at(3));
  EXPECT_EQ(one(manage(action::acknowledge, "lending", at(1))).consumer.cursor, id(3));
  journal.remove_up_to(2);
  EXPECT_EQ(one(manage(action::acknowledge, "lending", at(1))).consumer.cursor, id(3)) << "its event has expired";
}

TEST_F(ConsumerKeeper, APlaceThatIsNotThereIsRefused) {
  claim("lending");
  for (const auto what : {action::acknowledge, action::reset}) {
    EXPECT_EQ(refusal(manage(what, "lending", at(6))), errc::event_not_found);
    EXPECT_EQ(refusal(manage(what, "lending", at(1, 1))), errc::event_not_found);
    EXPECT_EQ(refusal(manage(what, "nobody", at(1))), errc::unknown_consumer);
  }
  journal.remove_up_to(2);
  EXPECT_EQ(refusal(manage(action::reset, "lending", at(1))), errc::event_expired);
  EXPECT_EQ(refusal(manage(action::list, "nobody")), errc::unknown_consumer);
  EXPECT_EQ(refusal(manage(action::remove, "nobody")), errc::unknown_consumer);
}

TEST_F(ConsumerKeeper, AfterALossItsCursorLeadsBackToTheFork) {
  claim("lending", at(5));
  journal.begin_new_epoch(3);
  other.reset();
  store_elsewhere();
  const auto status = one(manage(action::list, "lending"));
  EXPECT_EQ(status.consumer.cursor, id(5));
  EXPECT_EQ(status.lag, 1u);
  const event_id newest{test::memory_journal::first_epoch + 1, 3};
  EXPECT_EQ(one(manage(action::acknowledge, "lending", at(3))).consumer.cursor, newest);
  EXPECT_EQ(refusal(manage(action::acknowledge, "lending", at(5, test::memory_journal::first_epoch))),
            errc::history_gone);
}

TEST_F(ConsumerKeeper, ACommandIsRefusedWhileTheJournalIsAwayAndAReaderWaits) {
  journal.go_away();
  other.reset();
  EXPECT_EQ(refusal(manage(action::list, "")), errc::journal_unavailable);
  auto& reader = claim("lending");
  EXPECT_TRUE(reader.got.consumers.empty());
  journal.come_back();
  work();
  EXPECT_EQ(reader.got.consumers.size(), 1u);
}

}  // namespace
}  // namespace event_relay
