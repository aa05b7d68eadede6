#include "actors/handler_fixture.hpp"

#include <algorithm>

namespace event_relay::test {

connection_holder_actor::behavior_type scripted_holder(connection_holder_actor::pointer self) {
  return {
      [](open_atom, const stream_request_ptr&) {},
      [](advanced_atom) {},
      [](tick_atom) {},
      [](drain_atom, std::chrono::milliseconds, const drained_ptr&) {},
      [](echo_atom, const echo_ptr&) {},
      [self](stop_atom) { self->quit(); },
  };
}

journal_reader_actor::behavior_type scripted_reader(journal_reader_actor::pointer self, asked_for* asked) {
  return {
      [asked](page_atom, position_t after, bool with_metadata, const connection_handler_actor& from) {
        asked->pages.push_back(after);
        asked->page_requests.push_back({after, from});
        asked->metadata = with_metadata;
      },
      [](ahead_atom, position_t, bool) {},
      [asked](bounds_atom, const connection_handler_actor&) { ++asked->bounds; },
      [](bounds_atom, const bounds_completion_ptr&) {},
      [](find_atom, position_t, const find_completion_ptr&) {},
      [](settle_atom, const settle_request_ptr&) {},
      [self, asked](stop_atom) {
        asked->page_requests.clear();
        self->quit();
      },
  };
}

handler_fixture::handler_fixture() {
  context.timers = this;
  context.holder = system.spawn(scripted_holder);
  context.readers.push_back(system.spawn(scripted_reader, &asked));
  run();
}

void handler_fixture::release() {
  if (handler) caf::anon_send(handler, stop_atom::value, close_reason::forced);
  run();
  EXPECT_TRUE(client->destroyed || !handler) << "the handler did not end";
  handler = connection_handler_actor();
  caf::anon_send(context.holder, stop_atom::value);
  caf::anon_send(context.readers.front(), stop_atom::value);
  run();
  actor_fixture::release();
}

void handler_fixture::open_tail() {
  tell_bounds();
  context.status.readable = true;
  context.tail.restart(log.epoch(), log.head());
}

void handler_fixture::connect(sse::start_point start, std::shared_ptr<const filter> filtered) {
  wanted = std::move(filtered);
  auto request = std::make_shared<stream_request>();
  request->stream = std::make_unique<scripted_stream>(client);
  request->unsent = "head";
  request->start = std::move(start);
  request->wanted = wanted;
  request->form = form;
  request->consumer = named;
  request->framing = framing;
  request->on_gap = on_gap;
  handler = system.spawn(connection_handler, &context, std::move(request), flag);
  run();
}

void handler_fixture::remind(turn what, std::uint64_t, std::chrono::milliseconds delay) {
  asked.reminders.push_back({what, scheduler.clock().now() + delay});
}

void handler_fixture::publish(int events, topic_id topic) {
  const auto before = log.head();
  for (int i = 0; i < events; ++i) log.add(topic);
  log.feed(context.tail);
  wake(before);
}

void handler_fixture::wake(position_t nothing_up_to) {
  if (flag->claim()) caf::anon_send(handler, advanced_atom::value, context.tail.epoch(), nothing_up_to);
  run();
}

void handler_fixture::pass(std::chrono::milliseconds time) {
  const auto until = scheduler.clock().now() + time;
  for (;;) {
    const auto next = std::ranges::min_element(asked.reminders, {}, &asked_for::reminder::due);
    if (next == asked.reminders.end() || next->due > until) break;
    const auto due = *next;
    asked.reminders.erase(next);
    if (due.due > scheduler.clock().now()) scheduler.advance_time(due.due - scheduler.clock().now());
    tell(turn_atom::value, due.what);
  }
  if (until > scheduler.clock().now()) scheduler.advance_time(until - scheduler.clock().now());
}

void handler_fixture::answer_page(position_t after, std::size_t events, position_t removed_up_to) {
  auto page = std::make_shared<replay_page>();
  page->epoch = log.epoch();
  page->events = log.page(after, events);
  page->removed_up_to = removed_up_to;
  tell(page_atom::value, replay_page_ptr(std::move(page)));
}

void handler_fixture::answer_pages(std::size_t events) {
  while (!asked.pages.empty()) {
    const auto after = asked.pages.front();
    asked.pages.erase(asked.pages.begin());
    answer_page(after, events);
  }
}

void handler_fixture::answer_bounds(position_t floor) {
  --asked.bounds;
  tell(bounds_atom::value, bounds_ptr(std::make_shared<const journal_bounds>(log.bounds(floor))));
}

std::size_t handler_fixture::waiting_for(turn what) const {
  return static_cast<std::size_t>(std::ranges::count(asked.reminders, what, &asked_for::reminder::what));
}

}  // namespace event_relay::test
