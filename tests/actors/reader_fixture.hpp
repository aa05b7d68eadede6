#pragma once

#include "actors/journal_fixture.hpp"

#include <vector>

namespace event_relay::test {

/// What a subscriber was sent.
struct received {
  std::vector<replay_page_ptr> got;
  std::vector<bounds_ptr> bounds;
  std::vector<consumer_ptr> consumers;
  std::vector<supersession> supersessions;
};

/// Stands where a connection handler would.
inline connection_handler_actor::behavior_type keep_what_comes(connection_handler_actor::pointer self, received* kept) {
  return {
      [](advanced_atom, epoch_t, position_t) {},
      [](go_on_atom) {},
      [](peer_gone_atom, bool) {},
      [](turn_atom, turn) {},
      [kept](page_atom, const replay_page_ptr& page) { kept->got.push_back(page); },
      [kept](bounds_atom, const bounds_ptr& bounds) { kept->bounds.push_back(bounds); },
      [kept](claim_atom, const consumer_ptr& consumer) { kept->consumers.push_back(consumer); },
      [kept](superseded_atom, supersession why) { kept->supersessions.push_back(why); },
      [self](stop_atom, close_reason) { self->quit(); },
  };
}

/// A reader, and somebody to ask it.
class reader_fixture : public journal_fixture {
 protected:
  reader_fixture() {
    configuration.journal.page_events = 4;
    subscriber = system.spawn(keep_what_comes, &to_subscriber);
    start_reader();
  }
  void release() override {
    caf::anon_send(subscriber, stop_atom::value, close_reason::forced);
    subscriber = connection_handler_actor();
    to_subscriber.got.clear();
    journal_fixture::release();
  }
  void store(int events) {
    for (int i = 0; i < events; ++i) store_elsewhere("event");
  }
  /// The page after `position`; null if none came.
  replay_page_ptr page(position_t after, bool with_metadata = false) {
    to_subscriber.got.clear();
    caf::anon_send(context.readers.front(), page_atom::value, after, with_metadata, subscriber);
    work();
    return to_subscriber.got.empty() ? nullptr : to_subscriber.got.front();
  }
  result<stored_event> find(position_t position) {
    result<stored_event> found = errc::internal;
    auto done = std::make_shared<completion<stored_event>>([&](auto answer) { found = std::move(answer); });
    caf::anon_send(context.readers.front(), find_atom::value, position, std::move(done));
    work();
    return found;
  }
  result<settled_start> settle(bounded_start asked) {
    result<settled_start> found = errc::internal;
    completion<settled_start> done([&](auto answer) { found = std::move(answer); });
    auto request = std::make_shared<settle_request>(settle_request{start_search(std::move(asked)), std::move(done)});
    caf::anon_send(context.readers.front(), settle_atom::value, std::move(request));
    work();
    return found;
  }
  result<journal_bounds> bounds() {
    result<journal_bounds> found = errc::internal;
    auto done = std::make_shared<completion<journal_bounds>>([&](auto answer) { found = std::move(answer); });
    caf::anon_send(context.readers.front(), bounds_atom::value, std::move(done));
    work();
    return found;
  }

  received to_subscriber;
  connection_handler_actor subscriber;
};

}  // namespace event_relay::test
