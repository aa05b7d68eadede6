#include "hot_piece.hpp"

#include "event_relay/core/filter.hpp"

#include <benchmark/benchmark.h>

namespace event_relay::bench {
namespace {

filter filter_of(std::uint32_t topics, std::uint32_t types) {
  filter wanted;
  for (std::uint32_t i = 0; i < topics; ++i) wanted.topics.push_back(topic_id{i + 1});
  for (std::uint32_t i = 0; i < types; ++i) wanted.types.push_back("lending.book.type-" + std::to_string(i));
  return wanted;
}

/// Once per event and filtered subscriber. The event is the last that the filter names: the dearest one that it wants.
std::function<void()> filter_wants(std::uint32_t topics, std::uint32_t types) {
  auto wanted = filter_of(topics, types);
  auto type = wanted.types.empty() ? std::string("any") : wanted.types.back();
  return [wanted = std::move(wanted), topic = topic_id{topics}, type = std::move(type)] {
    benchmark::DoNotOptimize(wanted.wants(topic, type));
  };
}

}  // namespace

std::vector<hot_piece> filter_pieces() {
  std::vector<hot_piece> pieces;
  for (const auto& [topics, types] : {std::pair{1U, 0U}, {1U, 1U}, {8U, 8U}, {64U, 64U}})
    pieces.push_back({"filter_wants/topics:" + std::to_string(topics) + "/types:" + std::to_string(types),
                      [topics = topics, types = types] { return filter_wants(topics, types); }});
  return pieces;
}

}  // namespace event_relay::bench
