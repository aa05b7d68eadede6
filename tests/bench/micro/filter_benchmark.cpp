#include "event_relay/core/filter.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace event_relay {
namespace {

filter filter_of(std::int64_t topics, std::int64_t types) {
  filter wanted;
  for (std::int64_t i = 0; i < topics; ++i) wanted.topics.push_back(topic_id{static_cast<std::uint32_t>(i + 1)});
  for (std::int64_t i = 0; i < types; ++i) wanted.types.push_back("lending.book.type-" + std::to_string(i));
  return wanted;
}

/// Once per event and filtered subscriber. The event is the last that the filter names: the dearest one that it wants.
void filter_wants(benchmark::State& state) {
  const auto wanted = filter_of(state.range(0), state.range(1));
  const topic_id topic{static_cast<std::uint32_t>(state.range(0))};
  const auto type = wanted.types.empty() ? std::string{"any"} : wanted.types.back();
  for (auto _ : state) benchmark::DoNotOptimize(wanted.wants(topic, type));
}
BENCHMARK(filter_wants)->ArgNames({"topics", "types"})->Args({1, 0})->Args({1, 1})->Args({8, 8})->Args({64, 64});

}  // namespace
}  // namespace event_relay
