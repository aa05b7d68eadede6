#pragma once

#include "event_relay/relay/cursor.hpp"
#include "event_relay/relay/interfaces.hpp"
#include "event_relay/relay/relay_context.hpp"
#include "event_relay/relay/wake_flag.hpp"

#include <memory>
#include <optional>
#include <string>

namespace event_relay {

/// One subscriber. Owns the client's socket and a cursor; everything that is logic and not socket is in the cursor.
class connection_handler_state {
 public:
  using pointer = connection_handler_actor::stateful_pointer<connection_handler_state>;
  using clock = caf::actor_clock;

  static inline const char* name = "connection_handler";

  explicit connection_handler_state(pointer self) : self_(self) {}

  void start(relay_context& context, stream_request request, std::shared_ptr<wake_flag> flag);

  void advanced(epoch_t epoch, position_t nothing_up_to);
  void go_on();
  void page(const replay_page& page);
  void fresh_bounds(const journal_bounds& bounds);
  void claimed(const consumer& consumer);
  void superseded(supersession why);
  void take_turn(turn what);
  void finish(close_reason reason, client_stream::ending how);
  void pump();

 private:
  enum class doing : std::uint8_t { idle, yielding, blocked, awaiting_page, awaiting_bounds, awaiting_claim };

  bool has_begun() const noexcept { return cursor_->epoch() != 0; }
  bool is_current();
  void begin(const start_decision& decision, const journal_bounds& bounds);
  bool write(write_plan& plan);
  void count(const write_plan& plan, std::size_t bytes, std::size_t events);
  void await_writable();
  void await_page();
  void beat();
  bool take(const replay_page& page);
  void check_peer();
  void claim(std::string consumer);
  void begin_close(close_reason reason);
  void say_last_words(close_reason reason);
  bool say_what_is_due();
  bool owes_position() const;
  bool is_complete_at_head() const;
  bool gives_up() const;
  void ask_for_turn(turn what, std::chrono::milliseconds delay);
  void rearm_heartbeat();

  const stream_config& options() const noexcept { return context_->configuration.stream; }

  pointer self_;
  relay_context* context_ = nullptr;
  std::unique_ptr<client_stream> stream_;
  std::unique_ptr<stream_permit> permit_;
  std::unique_ptr<stream_witness> witness_;
  std::shared_ptr<wake_flag> flag_;
  std::optional<cursor> cursor_;
  std::unique_ptr<const sse::start_point> start_;  // until the stream has begun
  std::unique_ptr<const consumer> consumer_;       // that this is the reader of, if there is one
  clock::time_point last_progress_;                // of the socket
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t sent_events_ = 0;
  gap_policy on_gap_ = gap_policy::earliest;
  bool ends_at_head_ = false;
  bool tells_cursor_ = false;
  sse::body_framing framing_ = sse::body_framing::chunked;
  doing doing_ = doing::idle;
  bool at_head_ = false;  // idle, and everything the tail had was written
  bool is_live_ = false;  // was at the head, and has not read the journal since: what it is sent is new
  bool heartbeat_armed_ = false;
  bool page_requested_ = false;
  bool unclaimed_ = false;      // a consumer's cursor is waited for
  bool live_untold_ = false;    // relay.live is wanted and was not said
  bool time_is_up_ = false;     // for a page that has waited, or for stream_form::until
  std::optional<close_reason> closing_;
};

connection_handler_actor::behavior_type connection_handler(connection_handler_state::pointer self,
                                                           relay_context* context, stream_request_ptr request,
                                                           std::shared_ptr<wake_flag> flag);

}  // namespace event_relay
