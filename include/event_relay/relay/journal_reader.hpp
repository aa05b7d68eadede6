#pragma once

#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/journal_link.hpp"
#include "event_relay/relay/relay_context.hpp"
#include "event_relay/relay/standby_link.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace event_relay {

/// Reads pages of the journal for subscribers that are behind the tail. Pages end at multiples of journal.page_events,
/// and the last few are kept: of many clients that reconnect after an outage, all but one are served from memory.
class journal_reader_state {
 public:
  using pointer = journal_reader_actor::stateful_pointer<journal_reader_state>;

  static inline const char* name = "journal_reader";

  explicit journal_reader_state(pointer self) : self_(self) {}

  void start(relay_context& context);
  void page(position_t after, bool with_metadata, const connection_handler_actor& handler);
  void read_ahead(position_t after, bool with_metadata);
  void bounds(const connection_handler_actor& handler);
  void bounds(completion<journal_bounds>& done);
  void settle(const settle_request_ptr& request);
  void find(position_t position, completion<stored_event>& done);

 private:
  struct kept_page {
    position_t after = 0;
    replay_page_ptr page;
  };

  std::unique_ptr<journal_connection> connect();
  journal_connection* current_connection();
  replay_page_ptr kept(position_t after, bool with_metadata) const;
  void ask_ahead(const replay_page& page);
  replay_page_ptr read_page(position_t after, bool with_metadata);
  replay_page_ptr page_of_standby(position_t after, bool with_metadata);
  replay_page_ptr page_of_primary(journal_connection& connection, position_t after, bool with_metadata);
  std::shared_ptr<const log_segment> read_events(journal_connection& connection, position_t after, page_limits limits,
                                                 const journal_bounds& bounds, position_t& first);
  std::optional<stored_event> find_at_standby(position_t position);
  void lost(const std::exception& why) { link_->lost(why); }

  pointer self_;
  relay_context* context_ = nullptr;
  std::unique_ptr<journal_link> link_;
  std::unique_ptr<standby_link> standby_;
  journal_bounds bounds_;  // as they were when the connection was made; what counts is the epochs
  std::deque<kept_page> kept_;
};

journal_reader_actor::behavior_type journal_reader(journal_reader_state::pointer self, relay_context* context);

}  // namespace event_relay
