#include "event_relay/relay/log_segment.hpp"
#include "event_relay/sse/frame.hpp"

#include <benchmark/benchmark.h>

#include <string>

namespace event_relay {
namespace {

/// Once per event, whatever the number of subscribers: from the journal's row to the bytes that all of them get.
void serialise_event(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'x');
  std::string chunk;
  position_t position = 1'000'000;
  for (auto _ : state) {
    serialise(chunk, {++position, topic_id{1}, "created", data}, 7);
    benchmark::DoNotOptimize(chunk.data());
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(serialise_event)->Arg(100)->Arg(200)->Arg(2'048)->Arg(65'536);

/// Data of many lines becomes a `data:` line each: what a pretty-printed document costs.
void frame_of_lines(benchmark::State& state) {
  std::string data;
  for (int line = 0; line < state.range(0); ++line) data += "  \"field\": \"value\",\n";
  std::string frame;
  for (auto _ : state) {
    frame.clear();
    sse::append_frame(frame, "created", data, {7, 1'000'000});
    benchmark::DoNotOptimize(frame.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(data.size()));
}
BENCHMARK(frame_of_lines)->Arg(1)->Arg(10)->Arg(1'000);

}  // namespace
}  // namespace event_relay
