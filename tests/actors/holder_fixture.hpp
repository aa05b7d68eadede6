#pragma once

#include "actors/handler_fixture.hpp"
#include "event_relay/relay/connection_holder.hpp"

#include <memory>
#include <vector>

namespace event_relay::test {

/// A holder with its handlers, scripted clients, and a scripted reader.
class holder_fixture : public actor_fixture {
 protected:
  using client_ptr = std::shared_ptr<client_script>;

  holder_fixture() {
    context.readers.push_back(system.spawn(scripted_reader, &asked));
    context.holder = system.spawn(connection_holder, &context);
    context.status.set_bounds(log.bounds());
    context.tail.restart(log.epoch(), 0);
    context.announce_advance();
    run();
  }

  void release() override {
    caf::anon_send(context.readers.front(), stop_atom::value);
    if (context.holder) caf::anon_send(context.holder, stop_atom::value);
    run();
    pass(tick());  // the one that is under way
    actor_fixture::release();
  }

  client_ptr connect(std::shared_ptr<const filter> wanted = nullptr, sse::start_point start = sse::start_live{}) {
    auto client = send_open(std::move(wanted), std::move(start));
    run();
    return client;
  }
  client_ptr send_open(std::shared_ptr<const filter> wanted = nullptr, sse::start_point start = sse::start_live{}) {
    auto client = std::make_shared<client_script>();
    auto request = std::make_shared<stream_request>();
    request->stream = std::make_unique<scripted_stream>(client);
    request->unsent = "head";
    request->start = std::move(start);
    request->wanted = std::move(wanted);
    caf::anon_send(context.holder, open_atom::value, std::move(request));
    return client;
  }

  static std::shared_ptr<const filter> topic_only(std::uint32_t topic) {
    return std::make_shared<filter>(filter{{topic_id{topic}}, {}});
  }

  void add(int events, std::uint32_t topic = 1) {
    for (int i = 0; i < events; ++i) log.add(topic_id{topic});
    log.feed(context.tail);
    context.announce_advance();
  }
  void publish(int events, std::uint32_t topic = 1) {
    add(events, topic);
    run();
  }

  std::chrono::milliseconds tick() const { return 250ms; }
  void pass(std::chrono::milliseconds time) {
    for (; time > 0ms; time -= tick()) {
      scheduler.advance_time(std::min(time, tick()));
      run();
    }
  }

  std::size_t held() const {
    auto* actor = caf::actor_cast<caf::abstract_actor*>(context.holder);
    return dynamic_cast<connection_holder_state::pointer>(actor)->state.size();
  }

  asked_for asked;
  sample_log log;
};

}  // namespace event_relay::test
