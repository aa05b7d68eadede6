#pragma once

#include "event_relay/client/event_reader.hpp"
#include "event_relay/client/relay_address.hpp"
#include "event_relay/core/event_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace event_relay::client {

/// What of a journal is to be followed.
struct tail_wishes {
  std::vector<std::string> topics{};
  std::vector<std::string> types{};
  std::string from{};   ///< earliest, latest or an id; empty: as the relay has it
  std::string since{};  ///< a time
  std::optional<std::uint64_t> limit{};
  std::string consumer{};
  event_format format = event_format::lines;
};

/// How far a reader has come, over all its connections.
class tail_progress {
 public:
  explicit tail_progress(const tail_wishes& wishes) : wishes_(wishes) {}

  /// The parameters of GET /events that go on where it is. The cursor is one of them and no header: proxies take away
  /// headers, not parameters.
  parameters query() const;

  /// Notes what the stream has said. Whether it is to be printed: what was not acknowledged comes again, and the
  /// relay's own words are for this program.
  bool take(const received& one);

  bool is_done() const noexcept { return wishes_.limit && printed_ >= *wishes_.limit; }

  /// Where it is; empty: nobody has said so far.
  const std::string& cursor() const noexcept { return cursor_; }

  /// The newest event that was printed; empty: none.
  const std::string& newest_printed() const noexcept { return newest_printed_; }

 private:
  bool is_repetition(const std::string& id) const;

  tail_wishes wishes_;
  std::string cursor_;
  std::string newest_printed_;
  std::uint64_t printed_ = 0;
};

}  // namespace event_relay::client
