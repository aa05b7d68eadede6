#include "hot_piece.hpp"

#include "event_relay/core/event.hpp"

#include <benchmark/benchmark.h>

namespace event_relay::bench {
namespace {

/// Once per published event, on the I/O thread: UTF-8, no NUL, and JSON by its grammar.
std::function<void()> check_published_json(std::int64_t bytes) {
  std::string data = R"({"book":"978-3-16-148410-0","user":7,"note":")";
  data.append(static_cast<std::size_t>(bytes) - data.size() - 2, 'x').append("\"}");
  return [data = std::move(data)] { benchmark::DoNotOptimize(check_json(data)); };
}

}  // namespace

std::vector<hot_piece> publish_pieces() {
  std::vector<hot_piece> pieces;
  for (const std::int64_t bytes : {100, 200, 2'048, 65'536})
    pieces.push_back(
        {"check_published_json/" + std::to_string(bytes), [bytes] { return check_published_json(bytes); }, 1, bytes});
  return pieces;
}

}  // namespace event_relay::bench
