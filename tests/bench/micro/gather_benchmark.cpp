#include "hot_piece.hpp"

#include "event_relay/relay/cursor.hpp"

#include <benchmark/benchmark.h>

#include <memory>

namespace event_relay::bench {
namespace {

constexpr position_t head = 20'000;

/// Events of two topics in turn, up to the head.
std::shared_ptr<log_tail> filled_tail() {
  auto tail = std::make_shared<log_tail>(64U << 20U);
  tail->restart(1, 0);
  const std::string data(200, 'x');
  for (position_t position = 1; position <= head; ++position) {
    const event_view event{position, topic_id{static_cast<std::uint32_t>(1 + position % 2)}, "created", data};
    tail->append(1, {&event, 1});
  }
  return tail;
}

/// What a subscriber costs without its socket: from being woken `lag` events behind the head to the last iovec.
std::function<void()> gather(position_t lag, std::shared_ptr<const filter> wanted) {
  auto tail = filled_tail();
  static const journal_status topics;
  auto one = std::make_shared<cursor>(*tail, topics, std::move(wanted), stream_form{}, sse::body_framing::chunked);
  one->enter(1);
  return [tail, one, lag] {
    one->move_to(head - lag);
    for (;;) {
      write_plan plan;
      if (one->next(plan) != cursor::need::write) break;
      benchmark::DoNotOptimize(plan.buffers().data());
      one->wrote(plan, plan.bytes());
    }
  };
}

}  // namespace

std::vector<hot_piece> gather_pieces() {
  std::vector<hot_piece> pieces;
  const auto every_second = std::make_shared<const filter>(filter{{topic_id{1}}, {}});
  for (const std::int64_t lag : {2, 16, 1'000, 10'000}) {
    const auto events = static_cast<position_t>(lag);
    pieces.push_back({"gather_everything/lag:" + std::to_string(lag), [=] { return gather(events, nullptr); }, lag});
    pieces.push_back({"gather_every_second/lag:" + std::to_string(lag), [=] { return gather(events, every_second); }, lag});
  }
  return pieces;
}

}  // namespace event_relay::bench
