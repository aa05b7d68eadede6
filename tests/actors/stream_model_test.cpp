#include "actors/holder_fixture.hpp"

#include "support/chunked_body.hpp"
#include "support/event_stream_parser.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <random>

// Holder, handlers and tail together, with messages handled in random order: whatever happens, every client ends up
// with exactly the events it wants, or with a reset that says which ones are no more.
namespace event_relay {
namespace {

using test::client_script;

class StreamModel : public test::holder_fixture {
 protected:
  struct subscriber {
    client_ptr client;
    std::shared_ptr<const filter> wanted;
    position_t start;
  };

  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random); }

  std::shared_ptr<const filter> some_filter() {
    switch (pick(4)) {
      case 0: return nullptr;
      case 1: return topic_only(1 + static_cast<std::uint32_t>(pick(3)));
      case 2: return std::make_shared<filter>(filter{{}, {"a", "message"}});
      default: return std::make_shared<filter>(filter{{topic_id{1}, topic_id{2}}, {"b"}});
    }
  }

  void subscribe() {
    auto wanted = some_filter();
    const auto start = pick(log.head() + 1);
    subscribers.push_back({send_open(wanted, sse::start_after{log.epoch(), start, "id"}), wanted, start});
  }

  void some_events() {
    static constexpr const char* types[] = {"", "a", "b"};
    for (auto events = 1 + pick(4); events > 0; --events)
      log.add(topic_id{static_cast<std::uint32_t>(1 + pick(3))}, types[pick(3)]);
    log.feed(context.tail);
    context.announce_advance();
  }

  void evict() {
    const auto of_this_epoch = log.head() + 1 - log.bounds().epochs.back().first_position;
    context.tail.restart(log.epoch(), log.head() - pick(std::min<std::size_t>(of_this_epoch, 5) + 1));
    log.feed(context.tail);
  }

  /// What a failover does: the newest events are lost, others take their positions.
  void lose_history() {
    const auto fork = 1 + pick(log.head() + 1);
    const bool lost_something = fork <= log.head();
    log.fork(fork);
    context.status.set_bounds(log.bounds());
    if (lost_something)
      context.tail.restart(log.epoch(), log.head());
    else
      context.tail.continue_in(log.epoch());
    context.announce_advance();
  }

  void some_messages() {
    for (auto messages = pick(12); messages > 0 && !scheduler.jobs.empty(); --messages) {
      std::swap(scheduler.jobs.front(), scheduler.jobs[pick(scheduler.jobs.size())]);
      scheduler.run_once();
    }
  }

  void answer_a_page() {
    if (requests.empty()) return;
    const auto request = requests.begin() + static_cast<std::ptrdiff_t>(pick(requests.size()));
    auto page = std::make_shared<replay_page>();
    page->epoch = log.epoch();
    page->events = log.page(request->after, request->after < log.head() ? 1 + pick(4) : 0);
    caf::anon_send(request->from, page_atom::value, replay_page_ptr(std::move(page)));
    requests.erase(request);
  }

  void take_some() {
    auto& client = *subscribers[pick(subscribers.size())].client;
    client.take(pick(3) == 0 ? client_script::everything : pick(90));
  }

  void step(bool histories_get_lost) {
    switch (pick(histories_get_lost ? 15 : 14)) {
      case 0:
      case 1: return some_events();
      case 2: return evict();
      case 3: return subscribers.size() < 6 ? subscribe() : some_messages();
      case 4:
      case 5:
      case 6: return take_some();
      case 7:
      case 8: return answer_a_page();
      case 9: return void(scheduler.advance_time(tick() * pick(40)));
      case 14: return lose_history();
      default: return some_messages();
    }
  }

  void settle() {
    do {
      run();
      for (const auto& one : subscribers) one.client->take();
      while (!requests.empty()) answer_a_page();
    } while (!scheduler.jobs.empty());
  }

  /// What the client knows in the end, after forgetting what resets told it to.
  std::map<position_t, std::string> view_of(const subscriber& one) {
    std::map<position_t, std::string> view;
    position_t last = one.start;
    const test::chunked_body body(std::string_view(one.client->received).substr(4));
    for (const auto& event : test::event_stream_parser(body.payload()).events) {
      const auto id = parse_event_id(event.last_event_id);
      EXPECT_TRUE(id) << event.last_event_id;
      if (event.type == "relay.reset") {
        EXPECT_EQ(nlohmann::json::parse(event.data)["resume"], event.last_event_id);
        view.erase(view.upper_bound(id->position), view.end());
      } else {
        EXPECT_GT(id->position, last) << "out of order, or twice";
        view[id->position] = event.last_event_id + ' ' + event.type;
      }
      last = id->position;
    }
    return view;
  }

  std::map<position_t, std::string> ideal_view_of(const subscriber& one) {
    std::map<position_t, std::string> view;
    for (auto position = one.start + 1; position <= log.head(); ++position) {
      const auto event = log.at(position);
      if (one.wanted && !one.wanted->wants(event.topic, event.type)) continue;
      const auto epoch = log.bounds().epoch_of(position);
      view[position] = to_string({epoch, position}) + ' ' + (event.type.empty() ? "message" : std::string(event.type));
    }
    return view;
  }

  void start_anew() {
    log.fork(1);
    context.status.set_bounds(log.bounds());
    context.tail.restart(log.epoch(), 0);
    context.announce_advance();
    run();
  }

  void play(unsigned seed, bool histories_get_lost) {
    SCOPED_TRACE(seed);
    random.seed(seed);
    start_anew();
    some_events();
    subscribe();
    for (int i = 0; i < 150; ++i) step(histories_get_lost);
    settle();
    for (const auto& one : subscribers) {
      // A lost history may have ended before the subscriber's start: then it begins at the fork.
      auto view = view_of(one);
      auto ideal = ideal_view_of(one);
      if (histories_get_lost) view.erase(view.begin(), view.upper_bound(one.start));
      EXPECT_EQ(view, ideal) << "after " << one.start;
      one.client->leave();
    }
    run();
    EXPECT_EQ(held(), 0u);
    subscribers.clear();
  }

  std::mt19937 random;
  std::vector<subscriber> subscribers;
  std::deque<test::asked_for::page_request>& requests = asked.page_requests;
};

TEST_F(StreamModel, EveryClientGetsWhatItWantsOnceAndInOrder) {
  for (unsigned seed = 0; seed < 300 && !HasFailure(); ++seed) play(seed, false);
}

TEST_F(StreamModel, EveryClientLearnsOfLostHistory) {
  for (unsigned seed = 1'000; seed < 1'300 && !HasFailure(); ++seed) play(seed, true);
}

}  // namespace
}  // namespace event_relay
