#include "hot_piece.hpp"

#include "event_relay/relay/interest_index.hpp"
#include "event_relay/relay/reminders.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>

namespace event_relay::bench {
namespace {

struct subscriber {
  interest_links links;
};

/// Finding the one subscriber of an event's topic among as many as there are topics: must not grow with them.
std::function<void()> find_subscribers_of_topic(std::uint32_t topics) {
  struct everybody {
    std::vector<subscriber> all;
    interest_index<subscriber> index;
  };
  auto here = std::make_shared<everybody>();
  here->all.resize(topics);
  for (std::uint32_t i = 0; i < topics; ++i) {
    const topic_id topic{i + 1};
    here->index.add(here->all[i], {&topic, 1});
  }
  return [here, topic = topic_id{topics / 2}] {
    here->index.for_topic(topic, [](subscriber& one) { benchmark::DoNotOptimize(&one); });
  };
}

/// One tick of the wheel with a heartbeat and a closed check of each connection in it, all of which come again.
std::function<void()> tick_of_wheel(std::uint64_t connections) {
  using std::chrono::milliseconds;
  auto wheel = std::make_shared<reminder_wheel>(milliseconds(250));
  for (std::uint64_t i = 0; i < connections; ++i) {
    wheel->remind(turn::heartbeat, i, milliseconds(15'000 * i / connections));
    wheel->remind(turn::closed_check, i, milliseconds(30'000 * i / connections));
  }
  return [wheel] {
    for (const auto& due : wheel->advance())
      wheel->remind(due.what, due.handler, milliseconds(due.what == turn::heartbeat ? 15'000 : 30'000));
  };
}

}  // namespace

std::vector<hot_piece> wake_pieces() {
  std::vector<hot_piece> pieces;
  for (const std::uint32_t topics : {10, 1'000, 100'000})
    pieces.push_back({"find_subscribers_of_topic/topics:" + std::to_string(topics),
                      [topics] { return find_subscribers_of_topic(topics); }});
  for (const std::uint64_t connections : {1'000, 10'000, 100'000})
    pieces.push_back({"tick_of_wheel/connections:" + std::to_string(connections),
                      [connections] { return tick_of_wheel(connections); }});
  return pieces;
}

}  // namespace event_relay::bench
