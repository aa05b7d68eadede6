#include "actors/relay_fixture.hpp"

#include <vector>

// The door of a whole relay, with real threads. Every wait is for a condition.
namespace event_relay {
namespace {

constexpr auto epoch = test::memory_journal::first_epoch;
using namespace std::chrono_literals;

class Relay : public test::relay_fixture {};

TEST_F(Relay, StoresAndStreams) {
  const auto one = started();
  const auto client = subscribe(*one);
  const auto stored = publish(*one, "1");
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->id, (event_id{epoch, 1}));
  EXPECT_TRUE(client->receives("head"));
  EXPECT_TRUE(client->receives("data: 1\nid: 4711-1\n\n"));
  EXPECT_EQ(counted.streams_open, 1);
}

TEST_F(Relay, ReplaysWhatAnotherRelayStored) {
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(publish(*started(), std::to_string(i)));
  const auto one = started();
  const auto client = subscribe(*one, sse::start_after{epoch, 1, "4711-1"});
  EXPECT_TRUE(client->receives("4711-3\n\n"));
  EXPECT_EQ(client->received(), "headdata: 2\nid: 4711-2\n\ndata: 3\nid: 4711-3\n\n");
}

TEST_F(Relay, ReportsHowItStands) {
  journal.go_away();
  const auto one = start();
  auto report = one->report();
  EXPECT_FALSE(report.ready || report.writable || report.readable);
  EXPECT_EQ(report.epoch, 0u);
  EXPECT_FALSE(report.since_last_look);
  EXPECT_FALSE(report.consumers);
  journal.come_back();
  ASSERT_TRUE(becomes(*one, true));
  ASSERT_TRUE(publish(*one, "1"));
  report = one->report();
  EXPECT_TRUE(report.ready && report.writable && report.readable);
  EXPECT_EQ(report.epoch, epoch);
  EXPECT_EQ(report.head, 1u);
  EXPECT_EQ(report.tail_head, 1u);
  EXPECT_TRUE(report.since_last_look);
}

TEST_F(Relay, SeveralOfThemDeliverOneSequence) {
  std::vector<std::unique_ptr<relay>> relays;
  std::vector<std::shared_ptr<test::remote_client>> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(subscribe(*relays.emplace_back(started())));
  std::vector<std::thread> publishers;
  for (int i = 0; i < 6; ++i)
    publishers.emplace_back([&, i] {
      for (int event = 0; event < 50; ++event)
        EXPECT_TRUE(publish(*relays[static_cast<std::size_t>(i) % 3], std::to_string(i * 100 + event)));
    });
  for (auto& publisher : publishers) publisher.join();
  for (const auto& client : clients) ASSERT_TRUE(client->receives("id: 4711-300\n\n"));
  EXPECT_EQ(clients[1]->received(), clients[0]->received());
  EXPECT_EQ(clients[2]->received(), clients[0]->received());
  for (position_t position = 1, at = 0; position <= 300; ++position) {
    const auto found = clients[0]->received().find("id: 4711-" + std::to_string(position) + "\n\n", at);
    ASSERT_NE(found, std::string::npos) << position;
    at = found;
  }
}

TEST_F(Relay, StartsWithoutAJournalAndIsReadyWhenItComes) {
  journal.go_away();
  const auto one = start();
  EXPECT_FALSE(one->ready());
  EXPECT_EQ(one->publishable_topic("reservations").error(), errc::journal_unavailable);
  EXPECT_EQ(one->publishable_topic("unknown").error(), errc::unknown_topic);
  const std::vector<std::string> topics{"reservations"};
  EXPECT_EQ(one->make_filter(topics, {}).error(), errc::journal_unavailable);
  EXPECT_EQ(find(*one, {}, 1).error(), errc::journal_unavailable);
  const auto client = subscribe(*one);
  EXPECT_TRUE(client->receives("head"));
  journal.come_back();
  ASSERT_TRUE(becomes(*one, true));
  ASSERT_TRUE(publish(*one, "1"));
  EXPECT_TRUE(client->receives("id: 4711-1\n\n"));
}

TEST_F(Relay, GoesOnWhenTheJournalWasAway) {
  configuration.publish.in_doubt_timeout = 50ms;
  const auto one = started();
  const auto client = subscribe(*one);
  ASSERT_TRUE(publish(*one, "1"));
  journal.go_away();
  EXPECT_FALSE(publish(*one, "lost"));
  EXPECT_TRUE(becomes(*one, false));
  EXPECT_EQ(publish(*one, "lost").error(), errc::journal_unavailable);
  journal.come_back();
  ASSERT_TRUE(becomes(*one, true));
  ASSERT_TRUE(publish(*one, "2"));
  ASSERT_TRUE(client->receives("id: 4711-2\n\n"));
  EXPECT_EQ(client->received(), "headdata: 1\nid: 4711-1\n\ndata: 2\nid: 4711-2\n\n");
}

TEST_F(Relay, TellsItsClientsThatHistoryWasLost) {
  const auto one = started();
  const auto client = subscribe(*one);
  for (int i = 1; i <= 3; ++i) ASSERT_TRUE(publish(*one, std::to_string(i)));
  ASSERT_TRUE(client->receives("id: 4711-3\n\n"));
  journal.go_away();
  ASSERT_TRUE(becomes(*one, false) || !publish(*one, "x"));
  journal.set_back_to(1);
  journal.come_back();
  EXPECT_TRUE(client->receives("\"reason\":\"history_lost\",\"your_id\":\"4711-3\",\"resume\":\"4712-1\""));
}

TEST_F(Relay, MakesFiltersByName) {
  const auto one = started();
  EXPECT_FALSE(*one->make_filter({}, {}));
  const std::vector<std::string> twice{"reservations", "reservations"};
  const auto made = one->make_filter(twice, {"created"});
  ASSERT_TRUE(made);
  ASSERT_EQ((*made)->topics.size(), 1u);
  EXPECT_EQ(one->topic_name((*made)->topics.front()), "reservations");
  EXPECT_EQ((*made)->types, std::vector<std::string>{"created"});
  const std::vector<std::string> unknown{"nobody"};
  EXPECT_EQ(one->make_filter(unknown, {}).error(), errc::unknown_topic);
}

TEST_F(Relay, RefusesMoreThanMayWait) {
  configuration.publish.max_waiting = 0;
  const auto one = started();
  EXPECT_EQ(publish(*one, "1").error(), errc::too_many_publishes);
  configuration.publish.max_waiting = 1;
  EXPECT_TRUE(publish(*one, "1"));
  EXPECT_EQ(counted.publishes_waiting, 0);
  EXPECT_EQ(counted.publish_bytes_waiting, 0);
}

TEST_F(Relay, ChecksStartsBeforeTheStream) {
  const auto one = started();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(publish(*one, "1"));
  EXPECT_TRUE(check(*one, sse::start_live{}));
  EXPECT_TRUE(check(*one, sse::start_after{epoch, 3, ""}));
  EXPECT_EQ(check(*one, sse::start_malformed{"x"}).error(), errc::history_gone);
  EXPECT_EQ(check(*one, sse::start_after{epoch, 50, ""}).error(), errc::history_gone);
  EXPECT_EQ(check(*one, sse::start_after{1, 3, ""}).error(), errc::history_gone);
}

TEST_F(Relay, FindsOneEventOfTheEpochThatIsAskedFor) {
  const auto one = started();
  ASSERT_TRUE(publish(*one, "1"));
  ASSERT_TRUE(publish(*one, "2"));
  EXPECT_EQ(find(*one, {}, 2)->data, "2");
  EXPECT_EQ(find(*one, epoch, 2)->id, (event_id{epoch, 2}));
  EXPECT_EQ(find(*one, epoch + 1, 2).error(), errc::event_not_found);
  EXPECT_EQ(find(*one, {}, 3).error(), errc::event_not_found);
  journal.remove_up_to(1);
  EXPECT_EQ(find(*one, {}, 1).error(), errc::event_expired);
}

TEST_F(Relay, DrainedItIsNotReadyAndClosesItsStreams) {
  const auto one = started();
  const auto client = subscribe(*one);
  ASSERT_TRUE(client->receives("head"));
  EXPECT_TRUE(one->drain(50ms, 20s));
  EXPECT_FALSE(one->ready());
  EXPECT_TRUE(client->is_closed());
  EXPECT_NE(client->received().find("retry: "), std::string::npos);
  EXPECT_EQ(one->admit("address").error(), errc::shutting_down);
  EXPECT_TRUE(publish(*one, "still works"));
}

TEST_F(Relay, DestroyedItCutsOffWhatIsOpenAndAnswersEverybody) {
  auto one = started();
  const auto client = subscribe(*one);
  ASSERT_TRUE(client->receives("head"));
  std::vector<std::future<bool>> answers;
  for (int i = 0; i < 100; ++i) {
    auto answered = std::make_shared<std::promise<bool>>();
    answers.push_back(answered->get_future());
    one->publish({*one->publishable_topic("reservations"), {}, {}, "{}"},
                 completion<publish_receipt>([answered](auto answer) { answered->set_value(answer.has_value()); }));
  }
  one.reset();
  EXPECT_TRUE(client->is_closed());
  EXPECT_EQ(counted.streams_open, 0);
  EXPECT_EQ(counted.publishes_waiting, 0);
  EXPECT_EQ(journal.open_connections(), 0u);
  for (auto& answer : answers) EXPECT_EQ(answer.wait_for(0s), std::future_status::ready);
}

TEST_F(Relay, SaysThatAJournalCanNeverBeUsed) {
  configuration.topics = {"no such topic name"};  // refused by the journal, as a schema of another version is
  const auto one = start();
  auto why = fatal.get_future();
  ASSERT_EQ(why.wait_for(20s), std::future_status::ready);
  EXPECT_NE(why.get(), "");
}

TEST_F(Relay, AnswersThatItsActorsRunWhileTheyDo) {
  journal.go_away();  // which is no reason to call it hung
  const auto one = start();
  const auto echo = [&] { return answer_to<bool>([&](auto done) { one->echo(std::move(done)); }); };
  EXPECT_TRUE(echo());
  one->stop_streams();
  EXPECT_EQ(echo().error(), errc::shutting_down);
}

TEST_F(Relay, StartsAndStopsManyTimes) {
  for (int i = 0; i < 30; ++i) {
    auto one = start();
    if (i % 3 != 0) subscribe(*one);
    EXPECT_TRUE(i % 2 == 0 || becomes(*one, true));
  }
  EXPECT_EQ(journal.open_connections(), 0u);
  EXPECT_EQ(counted.streams_open, 0);
}

}  // namespace
}  // namespace event_relay
