#pragma once

#include "actors/actor_fixture.hpp"
#include "event_relay/relay/connection_handler.hpp"
#include "support/client_script.hpp"
#include "support/sample_log.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace event_relay::test {

/// What the timers and a scripted reader were asked for.
struct asked_for {
  struct reminder {
    turn what;
    caf::actor_clock::time_point due;
  };
  struct page_request {
    position_t after;
    connection_handler_actor from;
  };
  std::vector<reminder> reminders;
  std::vector<position_t> pages;
  std::deque<page_request> page_requests;  ///< the same with who asked; let go of when the reader stops
  bool metadata = false;  ///< of the last page
  int bounds = 0;
};

connection_holder_actor::behavior_type scripted_holder(connection_holder_actor::pointer self);
journal_reader_actor::behavior_type scripted_reader(journal_reader_actor::pointer self, asked_for* asked);

/// One handler between a scripted client, holder and reader.
class handler_fixture : public actor_fixture, private reminders {
 protected:
  handler_fixture();

  /// The journal is open, and the tail begins at the log's head.
  void open_tail();
  /// A client comes; the handler runs until it has nothing to do.
  void connect(sse::start_point start = sse::start_live{}, std::shared_ptr<const filter> wanted = nullptr);
  /// Events are published and the handler is woken as the holder does it.
  void publish(int events, topic_id topic = topic_id{1});
  void wake(position_t nothing_up_to = 0);
  /// The holder's timers, on time.
  void pass(std::chrono::milliseconds time);
  void answer_page(position_t after, std::size_t events, position_t removed_up_to = 0);
  /// Pages until the handler asks for none.
  void answer_pages(std::size_t events = 3);
  void answer_bounds(position_t floor = 0);
  void tell_bounds(position_t floor = 0) { context.status.set_bounds(log.bounds(floor)); }

  template <class... Message>
  void tell(Message... message) {
    caf::anon_send(handler, std::move(message)...);
    run();
  }
  bool gone() const { return client->destroyed; }
  std::uint64_t closed_for(close_reason reason) const {
    return counted.streams_closed[static_cast<std::size_t>(reason)];
  }
  std::string framed(std::string_view text) const { return sse::framed(framing, text); }
  std::string stream(position_t after) const { return log.stream(after, wanted.get(), framing); }
  /// How often the handler asked to be reminded of this and was not yet.
  std::size_t waiting_for(turn what) const;

  void release() override;
  void remind(turn what, std::uint64_t handler, std::chrono::milliseconds delay) override;

  asked_for asked;
  sample_log log;
  std::shared_ptr<client_script> client = std::make_shared<client_script>();
  std::shared_ptr<wake_flag> flag = std::make_shared<wake_flag>();
  std::shared_ptr<const filter> wanted;
  sse::body_framing framing = sse::body_framing::chunked;
  gap_policy on_gap = gap_policy::earliest;
  stream_form form;
  std::string named;  ///< the consumer whose reader it wants to be
  connection_handler_actor handler;
};

}  // namespace event_relay::test
