#pragma once

#include "event_relay/core/filter.hpp"
#include "event_relay/journal/journal.hpp"
#include "event_relay/sse/last_event_id.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace event_relay {

/// A start that takes a look into the journal: at a time, or in the middle of a bounded stream that was cut off. An
/// EventSource comes back to the same URL, and adds where it was.
struct bounded_start {
  sse::start_point named{};                         ///< by the URL; start_live: it names none
  std::optional<timestamp> since{};                 ///< named by the URL as well
  std::optional<sse::start_point> came_back{};      ///< by the Last-Event-ID header
  std::shared_ptr<const filter> wanted{};           ///< null: everything
  std::optional<std::uint64_t> limit{};             ///< counted from the start that the URL names
  std::optional<timestamp> until{};
};

struct settled_start {
  sse::start_point start;
  std::optional<std::uint64_t> limit;  ///< what is left of it
  bool is_over = false;                ///< the client has had everything: it need not come back
};

/// Looks a bounded start up in steps of a page each, so that the pages of other clients come in between: somebody may
/// ask for a limit of what is the whole journal. One thread at a time.
class start_search {
 public:
  explicit start_search(bounded_start asked);

  /// True: it is found. Throws as the connection does.
  bool step(journal_connection& connection);

  const settled_start& found() const { return found_; }

 private:
  enum class phase { beginning, counting, looking_ahead, over };

  void begin(journal_connection& connection);
  void count_what_it_had(journal_connection& connection);
  void look_ahead(journal_connection& connection);
  void end_counting();
  bool wants(const event_view& event) const;

  bounded_start asked_;
  settled_start found_;
  phase phase_ = phase::beginning;
  position_t had_up_to_ = 0;
  position_t after_ = 0;  // where the next page begins
  std::uint64_t count_ = 0;
};

/// The last position before this time; by the times of the events, which go up with their positions.
position_t last_before(timestamp time, journal_connection& connection, const journal_bounds& bounds);

}  // namespace event_relay
