#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace event_relay::bench {

/// A piece of the hot path by itself, without sockets, threads or a journal.
struct hot_piece {
  std::string name;  ///< with what it was made for: "serialise_event/200"
  /// Sets up, and returns what is measured: one call of it.
  std::function<std::function<void()>()> prepare;
  std::int64_t items = 0;  ///< events that one call works through
  std::int64_t bytes = 0;  ///< of data that one call works through
};

std::vector<hot_piece> frame_pieces();
std::vector<hot_piece> filter_pieces();
std::vector<hot_piece> gather_pieces();
std::vector<hot_piece> publish_pieces();
std::vector<hot_piece> wake_pieces();

}  // namespace event_relay::bench
