#include "unit/relay/cursor_fixture.hpp"

#include "event_relay/core/json_text.hpp"

#include <nlohmann/json.hpp>

namespace event_relay {
namespace {

using test::chunked;
using test::cursor_driver;
using test::sample_log;
using test::topic_only;

constexpr auto unframed = sse::body_framing::close_delimited;

/// Streams that have an end, and forms that are made for each reader.
class CursorForm : public test::cursor_fixture {
 protected:
  CursorForm() { tail.restart(sample_log::first_epoch, 0); }

  cursor_driver reader(const stream_form& form, std::shared_ptr<const filter> wanted = nullptr,
                       sse::body_framing framing = unframed) const {
    return {tail, std::move(wanted), framing, form};
  }
  static stream_form lines() {
    stream_form form;
    form.as = envelope::lines;
    return form;
  }
  static stream_form limited(std::uint64_t limit, envelope as = envelope::event_stream) {
    stream_form form;
    form.as = as;
    form.limit = limit;
    return form;
  }
  static stream_form ended(position_t before) {
    stream_form form;
    form.until = sample_log::time_of(before);
    return form;
  }
  /// The frames from one event to another.
  std::string frames(position_t first, position_t last) const {
    std::string bytes;
    for (auto position = first; position <= last; ++position) bytes += log.on_wire(position, unframed);
    return bytes;
  }
};

TEST_F(CursorForm, ALimitEndsItBehindItsLastEvent) {
  publish(5);
  auto subscriber = reader(limited(3));
  EXPECT_EQ(subscriber.run(), cursor::need::end);
  EXPECT_EQ(subscriber.received, frames(1, 3));
  EXPECT_EQ(subscriber.moving.position(), 3u);
  EXPECT_EQ(subscriber.moving.delivered(), 3u);
  EXPECT_EQ(subscriber.run(), cursor::need::end);
}

TEST_F(CursorForm, AnEventIsCountedOnceHoweverItIsWritten) {
  publish(5);
  for (const std::size_t room : {1, 7, 1'000}) {
    auto subscriber = reader(lines());
    EXPECT_EQ(subscriber.run(room), cursor::need::wait);
    EXPECT_EQ(subscriber.events, 5u) << room;
  }
}

TEST_F(CursorForm, ALimitThatIsNotReachedWaits) {
  publish(2);
  auto subscriber = reader(limited(3));
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  publish(2);
  EXPECT_EQ(subscriber.run(), cursor::need::end);
  EXPECT_EQ(subscriber.received, frames(1, 3));
}

TEST_F(CursorForm, ALimitCountsWhatTheFilterWants) {
  publish(2, topic_id{1});
  publish(1, topic_id{2});
  publish(2, topic_id{1});
  publish(2, topic_id{2});
  auto subscriber = reader(limited(2), topic_only(topic_id{2}));
  EXPECT_EQ(subscriber.run(), cursor::need::end);
  EXPECT_EQ(subscriber.received, frames(3, 3) + frames(6, 6));
}

TEST_F(CursorForm, ALimitCountsNoWordsOfTheRelay) {
  publish(3);
  auto subscriber = reader(limited(2));
  subscriber.moving.say_control("relay.live", "{}", {sample_log::first_epoch, 0});
  EXPECT_EQ(subscriber.run(), cursor::need::end);
  EXPECT_EQ(subscriber.received, "event: relay.live\ndata: {}\nid: 7-0\n\n" + frames(1, 2));
}

TEST_F(CursorForm, ALimitIsOneOverPagesAndTail) {
  publish(5);
  evict();
  publish(3);
  auto subscriber = reader(limited(7));
  subscriber.catch_up(log, 2);
  EXPECT_EQ(subscriber.received, frames(1, 7));
  EXPECT_EQ(subscriber.step(), cursor::need::end);
}

TEST_F(CursorForm, ATimeEndsItBeforeTheFirstEventThatIsAsLate) {
  publish(5);
  auto subscriber = reader(ended(4));
  EXPECT_EQ(subscriber.run(), cursor::need::end);
  EXPECT_EQ(subscriber.received, frames(1, 3));
  EXPECT_EQ(subscriber.moving.position(), 3u);
}

TEST_F(CursorForm, ATimeEndsItWithWhatIsNotWantedToo) {
  publish(1, topic_id{2});
  publish(3, topic_id{1});
  auto subscriber = reader(ended(3), topic_only(topic_id{2}));
  EXPECT_EQ(subscriber.run(), cursor::need::end);
  EXPECT_EQ(subscriber.received, frames(1, 1));
  EXPECT_EQ(subscriber.moving.position(), 2u);
}

TEST_F(CursorForm, ATimeThatHasNotComeWaits) {
  publish(3);
  auto subscriber = reader(ended(5));
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  publish(2);
  EXPECT_EQ(subscriber.run(), cursor::need::end);
  EXPECT_EQ(subscriber.received, frames(1, 4));
}

TEST_F(CursorForm, OnlyWhatNeedsMetadataAsksForIt) {
  stream_form live, page, cloud_events;
  live.tells_live = live.tells_cursor = true;
  page.as = envelope::page;
  cloud_events.cloud_events = true;
  EXPECT_FALSE(reader(live).moving.needs_metadata());
  EXPECT_FALSE(reader(limited(1)).moving.needs_metadata());
  EXPECT_TRUE(reader(ended(1)).moving.needs_metadata());
  EXPECT_TRUE(reader(lines()).moving.needs_metadata());
  EXPECT_TRUE(reader(page).moving.needs_metadata());
  EXPECT_TRUE(reader(cloud_events).moving.needs_metadata());
}

TEST_F(CursorForm, FramesOfABoundedStreamAreThoseOfAnyOther) {
  publish(4);
  auto subscriber = reader(limited(4), nullptr, chunked);
  subscriber.run();
  EXPECT_EQ(subscriber.received, log.stream(0, nullptr, chunked));
}

TEST_F(CursorForm, CutAtEveryByteItSaysTheSame) {
  publish(2, topic_id{1});
  publish(2, topic_id{2});
  evict();
  publish(2, topic_id{2});
  stream_form cloud_events = limited(3);
  cloud_events.cloud_events = true;
  for (const auto& form : {lines(), limited(3), ended(6), limited(3, envelope::page), limited(3, envelope::feed),
                           cloud_events}) {
    auto whole = reader(form, topic_only(topic_id{2}), chunked);
    whole.catch_up(log, 2);
    for (std::size_t room = 1; room <= whole.received.size(); ++room) {
      auto subscriber = reader(form, topic_only(topic_id{2}), chunked);
      subscriber.catch_up(log, 2, room);
      ASSERT_EQ(subscriber.received, whole.received) << room;
      ASSERT_EQ(subscriber.moving.position(), whole.moving.position());
      ASSERT_TRUE(subscriber.moving.on_frame_boundary());
    }
  }
}

TEST_F(CursorForm, EncodesNoMoreAtOnceThanASlowReaderMayHold) {
  for (int i = 0; i < 100; ++i) log.add(topic_id{1}, "", to_json_string(std::string(1'000, 'x')));
  log.feed(tail);
  auto subscriber = reader(lines());
  subscriber.step(1);
  const auto encoded = subscriber.moving.position();
  EXPECT_LE(encoded, 17u);
  while (subscriber.moving.position() == encoded) subscriber.step(1'000);
  EXPECT_GT(subscriber.received.size(), 16'000u);
  subscriber.run();
  EXPECT_EQ(std::ranges::count(subscriber.received, '\n'), 100);
}

TEST_F(CursorForm, AnEpochThatChangesIsFoundAfterWhatIsEncoded) {
  auto subscriber = reader(lines());
  subscriber.moving.enter(sample_log::first_epoch);
  publish(2);
  subscriber.step(5);
  log.fork(2);
  tail.restart(log.epoch(), 1);
  EXPECT_EQ(subscriber.run(), cursor::need::enter);
  EXPECT_EQ(std::ranges::count(subscriber.received, '\n'), 2);
  subscriber.moving.say_control("relay.reset", "{}", {log.epoch(), 1});
  subscriber.moving.move_to(1);
  subscriber.moving.enter(log.epoch());
  EXPECT_EQ(subscriber.moving.untold(), 0u);
  publish(1);
  EXPECT_EQ(subscriber.run(), cursor::need::wait);
  EXPECT_EQ(nlohmann::json::parse(subscriber.received.substr(subscriber.received.rfind("{\"id"))).at("id"), "8-2");
}

}  // namespace
}  // namespace event_relay
