#pragma once

#include "event_relay/client/relay_address.hpp"

#include <cstddef>
#include <iosfwd>
#include <string>

namespace event_relay::client {

struct publish_options {
  relay_address relay;
  std::string topic;
  std::string type{};                         ///< empty: none
  std::string key{};                          ///< Idempotency-Key; empty: one is made
  std::string content_type{};                 ///< empty: JSON, or lines of JSON for a batch
  bool batch = false;                         ///< each line is an event
  std::chrono::milliseconds timeout{60'000};  ///< for all attempts together
};

/// Publishes what `in` has, once, however often that needs to be tried, and prints the relay's answer to `out`. The
/// line end at the end of the input is not part of an event. A batch is sent in requests of as many lines as a relay
/// takes unless told otherwise, each stored whole or not at all. Returns the exit code: 0, or 1 with the reason in
/// `messages`.
int run_publish(const publish_options& options, std::istream& in, std::ostream& out, std::ostream& messages);

/// The lines of an input in pieces of which each fits into one request. A line that is too long by itself comes alone.
class batches {
 public:
  batches(std::istream& in, std::size_t max_lines, std::size_t max_bytes)
      : in_(in), max_lines_(max_lines), max_bytes_(max_bytes) {}

  /// Each line with its end; empty: there are no more.
  std::string next();

  /// So many came before the piece that next() gave last.
  std::size_t lines_before() const noexcept { return lines_before_; }

 private:
  std::istream& in_;
  std::size_t max_lines_;
  std::size_t max_bytes_;
  std::string held_back_;  ///< a line that did not fit any more
  std::size_t lines_before_ = 0;
  std::size_t lines_ = 0;
};

}  // namespace event_relay::client
