#include "hot_piece.hpp"

#include "event_relay/relay/log_segment.hpp"
#include "event_relay/sse/frame.hpp"

#include <benchmark/benchmark.h>

namespace event_relay::bench {
namespace {

/// Once per event, whatever the number of subscribers: from the journal's row to the bytes that all of them get.
std::function<void()> serialise_event(std::int64_t bytes) {
  return [data = std::string(static_cast<std::size_t>(bytes), 'x'), chunk = std::string(),
          position = position_t{1'000'000}]() mutable {
    serialise(chunk, {++position, topic_id{1}, "created", data}, 7);
    benchmark::DoNotOptimize(chunk.data());
  };
}

/// Data of many lines becomes a `data:` line each: what a pretty-printed document costs.
std::function<void()> frame_of(std::string data) {
  return [data = std::move(data), frame = std::string()]() mutable {
    frame.clear();
    sse::append_frame(frame, "created", data, {7, 1'000'000});
    benchmark::DoNotOptimize(frame.data());
  };
}

std::string document(int lines) {
  std::string data;
  for (int line = 0; line < lines; ++line) data += "  \"field\": \"value\",\n";
  return data;
}

}  // namespace

std::vector<hot_piece> frame_pieces() {
  std::vector<hot_piece> pieces;
  for (const std::int64_t bytes : {100, 200, 2'048, 65'536})
    pieces.push_back({"serialise_event/" + std::to_string(bytes), [bytes] { return serialise_event(bytes); }, 1, bytes});
  for (const int lines : {1, 10, 1'000})
    pieces.push_back({"frame_of_lines/" + std::to_string(lines), [lines] { return frame_of(document(lines)); }, 1,
                      static_cast<std::int64_t>(document(lines).size())});
  return pieces;
}

}  // namespace event_relay::bench
