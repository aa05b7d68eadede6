#include "event_relay/relay/cursor.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

namespace event_relay {
namespace {

/// A tail that holds events 1 to `events`, of two topics in turn.
std::unique_ptr<log_tail> filled_tail(position_t events) {
  auto tail = std::make_unique<log_tail>(64U << 20U);
  tail->restart(1, 0);
  const std::string data(200, 'x');
  for (position_t position = 1; position <= events; ++position) {
    const event_view event{position, topic_id{static_cast<std::uint32_t>(1 + position % 2)}, "created", data};
    tail->append(1, {&event, 1});
  }
  return tail;
}

/// What a subscriber costs without its socket: from being woken `lag` events behind the head to the last iovec.
void gather(benchmark::State& state, std::shared_ptr<const filter> wanted) {
  const position_t head = 20'000;
  const auto tail = filled_tail(head);
  cursor one{*tail, std::move(wanted), sse::body_framing::chunked};
  one.enter(1);
  const auto lag = static_cast<position_t>(state.range(0));
  for (auto _ : state) {
    one.move_to(head - lag);
    for (;;) {
      write_plan plan;
      if (one.next(plan) != cursor::need::write) break;
      benchmark::DoNotOptimize(plan.buffers().data());
      one.wrote(plan, plan.bytes());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void gather_everything(benchmark::State& state) {
  gather(state, nullptr);
}
BENCHMARK(gather_everything)->ArgName("lag")->Arg(1)->Arg(16)->Arg(1'000)->Arg(10'000);

void gather_every_second(benchmark::State& state) {
  auto wanted = std::make_shared<filter>();
  wanted->topics.push_back(topic_id{1});
  gather(state, std::move(wanted));
}
BENCHMARK(gather_every_second)->ArgName("lag")->Arg(2)->Arg(16)->Arg(1'000)->Arg(10'000);

}  // namespace
}  // namespace event_relay
