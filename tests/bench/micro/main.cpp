#include "hot_piece.hpp"

#include <benchmark/benchmark.h>
#include <valgrind/callgrind.h>

#include <string_view>
#include <utility>

namespace event_relay::bench {
namespace {

std::vector<hot_piece> all_pieces() {
  std::vector<hot_piece> all;
  for (auto* pieces : {frame_pieces, filter_pieces, gather_pieces, publish_pieces, wake_pieces})
    for (auto& piece : pieces()) all.push_back(std::move(piece));
  return all;
}

void measure(benchmark::State& state, const hot_piece& piece) {
  const auto work = piece.prepare();
  for (auto _ : state) work();
  if (piece.items > 0) state.SetItemsProcessed(state.iterations() * piece.items);
  if (piece.bytes > 0) state.SetBytesProcessed(state.iterations() * piece.bytes);
}

/// For callgrind, which writes one dump for each piece: times depend on the machine and its mood, instructions do not.
void count_instructions(const hot_piece& piece) {
  constexpr int calls = 100;
  const auto work = piece.prepare();
  for (int i = 0; i < calls; ++i) work();  // what grows once has grown
  CALLGRIND_ZERO_STATS;
  CALLGRIND_TOGGLE_COLLECT;
  for (int i = 0; i < calls; ++i) work();
  CALLGRIND_TOGGLE_COLLECT;
  CALLGRIND_DUMP_STATS_AT(piece.name.c_str());
}

}  // namespace
}  // namespace event_relay::bench

int main(int count, char** arguments) {
  using namespace event_relay::bench;
  const auto pieces = all_pieces();
  if (count == 2 && arguments[1] == std::string_view("--count-instructions")) {
    for (const auto& piece : pieces) count_instructions(piece);
    return 0;
  }
  for (const auto& piece : pieces)
    benchmark::RegisterBenchmark(piece.name.c_str(), [&piece](auto& state) { measure(state, piece); });
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
