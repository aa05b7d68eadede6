#include "event_relay/core/event.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace event_relay {
namespace {

/// Once per published event, on the I/O thread: UTF-8, no NUL, and JSON by its grammar.
void check_published_json(benchmark::State& state) {
  std::string data = R"({"book":"978-3-16-148410-0","user":7,"note":")";
  data.append(static_cast<std::size_t>(state.range(0)) - data.size() - 2, 'x').append("\"}");
  for (auto _ : state) benchmark::DoNotOptimize(check_json(data));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(check_published_json)->Arg(100)->Arg(200)->Arg(2'048)->Arg(65'536);

}  // namespace
}  // namespace event_relay
