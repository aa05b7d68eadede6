#include "event_relay/relay/interest_index.hpp"
#include "event_relay/relay/timer_wheel.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <vector>

namespace event_relay {
namespace {

struct subscriber {
  interest_links links;
};

/// Finding the one subscriber of an event's topic among as many as there are topics: must not grow with them.
void find_subscribers_of_topic(benchmark::State& state) {
  std::vector<subscriber> all(static_cast<std::size_t>(state.range(0)));
  interest_index<subscriber> index;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const topic_id topic{static_cast<std::uint32_t>(i + 1)};
    index.add(all[i], {&topic, 1});
  }
  const topic_id topic{static_cast<std::uint32_t>(all.size() / 2)};
  for (auto _ : state) index.for_topic(topic, [](subscriber& one) { benchmark::DoNotOptimize(&one); });
  for (auto& one : all) index.remove(one, false);
}
BENCHMARK(find_subscribers_of_topic)->ArgName("topics")->Arg(10)->Arg(1'000)->Arg(100'000);

/// One tick of the wheel with a heartbeat and a closed check of each connection in it.
void tick_of_timer_wheel(benchmark::State& state) {
  using std::chrono::milliseconds;
  timer_wheel<std::uint64_t> wheel{milliseconds{250}};
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    wheel.schedule(milliseconds{15'000 * i / state.range(0)}, 15'000);
    wheel.schedule(milliseconds{60'000 * i / state.range(0)}, 60'000);
  }
  for (auto _ : state) wheel.advance([&](std::uint64_t interval) { wheel.schedule(milliseconds{interval}, interval); });
}
BENCHMARK(tick_of_timer_wheel)->ArgName("connections")->Arg(1'000)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace event_relay
