#include "unit/relay/cursor_driver.hpp"

#include <array>
#include <tuple>

// A socket may take any number of bytes of any write: what arrives must not depend on it.
namespace event_relay {
namespace {

using sse::body_framing;
using test::cursor_driver;
using test::sample_log;

enum class source { tail, pages, both };
enum class wants { everything, one_topic, one_type };

std::shared_ptr<const filter> filter_for(wants wanted) {
  switch (wanted) {
    case wants::everything: return nullptr;
    case wants::one_topic: return std::make_shared<filter>(filter{{topic_id{2}}, {}});
    case wants::one_type: return std::make_shared<filter>(filter{{}, {"b"}});
  }
  return nullptr;
}

class CursorWrites : public testing::TestWithParam<std::tuple<body_framing, wants, source>> {
 protected:
  CursorWrites() {
    log.add(topic_id{1}, "a", "1");
    log.add(topic_id{2}, "b", "two\nlines");
    log.add(topic_id{2}, "", "");
    log.add(topic_id{1}, "b", " 4");
    log.add(topic_id{1}, "a", "5");
    log.add(topic_id{2}, "b", "6");
    log.add(topic_id{1}, "", "7");
    tail.restart(sample_log::first_epoch, first_in_tail());
    log.feed(tail);
  }

  position_t first_in_tail() const {
    switch (std::get<source>(GetParam())) {
      case source::tail: return 0;
      case source::pages: return log.head();
      case source::both: return 4;
    }
    return 0;
  }

  cursor_driver new_subscriber() const { return {tail, wanted, framing}; }
  std::size_t wanted_events() const {
    std::size_t count = 0;
    for (position_t position = 1; position <= log.head(); ++position)
      count += !wanted || wanted->wants(log.at(position).topic, log.at(position).type);
    return count;
  }
  std::string expected() const { return "head" + log.stream(0, wanted.get(), framing); }

  const body_framing framing = std::get<body_framing>(GetParam());
  const std::shared_ptr<const filter> wanted = filter_for(std::get<wants>(GetParam()));
  sample_log log;
  log_tail tail{1 << 20};
};

TEST_P(CursorWrites, OfEverySizeGiveTheSameStream) {
  for (std::size_t room = 1; room <= expected().size(); ++room) {
    auto subscriber = new_subscriber();
    subscriber.moving.queue("head");
    subscriber.catch_up(log, 3, room);
    ASSERT_EQ(subscriber.received, expected()) << "writes of " << room << " bytes";
    ASSERT_TRUE(subscriber.moving.on_frame_boundary());
    ASSERT_EQ(subscriber.moving.position(), log.head());
    ASSERT_EQ(subscriber.events, wanted_events()) << "writes of " << room << " bytes";
    if (first_in_tail() == 0) {
      ASSERT_EQ(subscriber.replayed, 0u);
    } else if (first_in_tail() == log.head()) {
      ASSERT_EQ(subscriber.replayed, wanted_events());
    }
  }
}

TEST_P(CursorWrites, CutAtEveryByteGiveTheSameStream) {
  for (std::size_t cut = 0; cut <= expected().size(); ++cut) {
    auto subscriber = new_subscriber();
    subscriber.moving.queue("head");
    while (subscriber.received.size() < cut) {
      const auto needed = subscriber.step(cut - subscriber.received.size());
      if (needed == cursor::need::page) subscriber.moving.take_page(log.page(subscriber.moving.position(), 3));
      ASSERT_NE(needed, cursor::need::wait);
    }
    subscriber.step(0);  // would block
    subscriber.step(0);
    subscriber.catch_up(log);
    ASSERT_EQ(subscriber.received, expected()) << "cut after " << cut << " bytes";
  }
}

TEST_P(CursorWrites, CutAtEveryByteSurviveThatAllMemoryGoesMeanwhile) {
  for (std::size_t cut = 0; cut <= expected().size(); ++cut) {
    log_tail forgetful{1 << 20};
    forgetful.restart(sample_log::first_epoch, first_in_tail());
    log.feed(forgetful);
    cursor_driver subscriber{forgetful, wanted, framing};
    subscriber.moving.queue("head");
    while (subscriber.received.size() < cut) {
      const auto needed = subscriber.step(cut - subscriber.received.size());
      if (needed == cursor::need::page) subscriber.moving.take_page(log.page(subscriber.moving.position(), 3));
    }
    subscriber.moving.drop_page();
    forgetful.restart(sample_log::first_epoch, log.head());
    subscriber.catch_up(log, 2);
    ASSERT_EQ(subscriber.received, expected()) << "cut after " << cut << " bytes";
  }
}

TEST_P(CursorWrites, AreOnAFrameBoundaryExactlyWhereFramesEnd) {
  std::vector<std::size_t> boundaries{0};
  for (position_t position = 1; position <= log.head(); ++position) {
    const auto event = log.at(position);
    if (!wanted || wanted->wants(event.topic, event.type))
      boundaries.push_back(boundaries.back() + log.on_wire(position, framing).size());
  }
  auto subscriber = new_subscriber();
  while (subscriber.received.size() < boundaries.back()) {
    if (subscriber.step(1) == cursor::need::page)
      subscriber.moving.take_page(log.page(subscriber.moving.position(), 3));
    const bool boundary = std::ranges::find(boundaries, subscriber.received.size()) != boundaries.end();
    ASSERT_EQ(subscriber.moving.on_frame_boundary(), boundary) << subscriber.received.size();
  }
}

INSTANTIATE_TEST_SUITE_P(All, CursorWrites,
                         testing::Combine(testing::Values(body_framing::chunked, body_framing::close_delimited),
                                          testing::Values(wants::everything, wants::one_topic, wants::one_type),
                                          testing::Values(source::tail, source::pages, source::both)));

}  // namespace
}  // namespace event_relay
