#include "unit/relay/cursor_driver.hpp"

#include <random>

// A subscriber among random publishes, evictions, pages, short writes and heartbeats receives what an ideal one would.
namespace event_relay {
namespace {

using sse::body_framing;
using test::cursor_driver;
using test::sample_log;

constexpr std::string_view heartbeat = ":heartbeat\n";

class model {
 public:
  explicit model(unsigned seed)
      : random_{seed}, framing_{pick(2) ? body_framing::chunked : body_framing::close_delimited} {
    switch (pick(4)) {
      case 0: break;
      case 1: wanted_ = std::make_shared<filter>(filter{{topic_id{2}}, {}}); break;
      case 2: wanted_ = std::make_shared<filter>(filter{{}, {"b", "message"}}); break;
      default: wanted_ = std::make_shared<filter>(filter{{topic_id{1}, topic_id{3}}, {"a"}});
    }
    for (auto events = pick(6); events > 0; --events) add_event();
    tail_.restart(sample_log::first_epoch, pick(log_.head() + 1));
    log_.feed(tail_);
    start_ = pick(log_.head() + 1);
    subscriber_.emplace(tail_, wanted_, framing_);
    subscriber_->moving.move_to(start_);
  }

  void run(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) step();
    while (!subscriber_->moving.on_frame_boundary()) write(cursor_driver::everything);
    subscriber_->catch_up(log_, 1 + pick(4));
    EXPECT_EQ(without_heartbeats(), log_.stream(start_, wanted_.get(), framing_));
    EXPECT_EQ(subscriber_->moving.position(), log_.head());
  }

 private:
  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

  void add_event() {
    static constexpr const char* types[] = {"", "a", "b", "c"};
    log_.add(topic_id{static_cast<std::uint32_t>(1 + pick(3))}, types[pick(4)], std::string(pick(20), 'x'));
  }

  void step() {
    switch (pick(12)) {
      case 0:
      case 1:
        for (auto events = 1 + pick(3); events > 0; --events) add_event();
        return log_.feed(tail_);
      case 2: return evict();
      case 3: return beat();
      case 4: return subscriber_->moving.drop_page();
      case 5: return skip();
      default: return write(1 + pick(60));
    }
  }

  void write(std::size_t room) {
    if (subscriber_->step(room) == cursor::need::page)
      subscriber_->moving.take_page(log_.page(subscriber_->moving.position(), pick(5)));
    check_prefix();
  }

  void evict() {
    const auto keep_from = tail_.head() - pick(std::min<std::size_t>(tail_.head(), 3) + 1);
    tail_.restart(sample_log::first_epoch, keep_from);
    log_.feed(tail_);
  }

  void beat() {
    if (!subscriber_->moving.on_frame_boundary()) return;
    beats_.push_back(subscriber_->received.size());
    subscriber_->moving.queue(heartbeat);
    while (!subscriber_->moving.on_frame_boundary()) subscriber_->step(1 + pick(20));
  }

  /// What the holder tells a handler that waits at the head: nothing for you up to there.
  void skip() {
    if (!subscriber_->moving.on_frame_boundary() || subscriber_->step() != cursor::need::wait) return check_prefix();
    auto up_to = subscriber_->moving.position();
    for (auto events = pick(4); events > 0; --events) {
      add_event();
      const auto event = log_.at(log_.head());
      if (wanted_ == nullptr || wanted_->wants(event.topic, event.type)) break;
      up_to = log_.head();
    }
    log_.feed(tail_);
    if (up_to > subscriber_->moving.position()) subscriber_->moving.move_to(up_to);
  }

  std::string without_heartbeats() const {
    std::string rest = subscriber_->received;
    for (auto at = beats_.rbegin(); at != beats_.rend(); ++at) {
      EXPECT_EQ(rest.substr(*at, heartbeat.size()), heartbeat);
      rest.erase(*at, heartbeat.size());
    }
    return rest;
  }

  void check_prefix() const {
    const auto ideal = log_.stream(start_, wanted_.get(), framing_);
    ASSERT_TRUE(ideal.starts_with(without_heartbeats())) << without_heartbeats() << "\nis no beginning of\n" << ideal;
  }

  std::mt19937 random_;
  const body_framing framing_;
  std::shared_ptr<const filter> wanted_;
  sample_log log_;
  log_tail tail_{1 << 20};
  position_t start_ = 0;
  std::optional<cursor_driver> subscriber_;
  std::vector<std::size_t> beats_;
};

TEST(CursorModel, ReceivesWhatAnIdealSubscriberWould) {
  for (unsigned seed = 0; seed < 1'500 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    model{seed}.run(60);
  }
}

/// The exact place of a publish does not matter: before, between and after every step of a handover.
TEST(CursorModel, TakesAPublishAtEveryInstantOfTheHandover) {
  for (int instant = 0; instant < 40; ++instant) {
    for (const std::size_t room : {7u, 40u, 100'000u}) {
      sample_log log;
      for (int i = 0; i < 6; ++i) log.add();
      log_tail tail{1 << 20};
      tail.restart(sample_log::first_epoch, 4);
      log.feed(tail);
      cursor_driver subscriber{tail, nullptr, body_framing::chunked};
      for (int step = 0; step < 40 || subscriber.moving.position() < log.head(); ++step) {
        if (step == instant) {
          log.add();
          log.feed(tail);
        }
        if (subscriber.step(room) == cursor::need::page)
          subscriber.moving.take_page(log.page(subscriber.moving.position(), 2));
      }
      while (!subscriber.moving.on_frame_boundary()) subscriber.step();
      ASSERT_EQ(subscriber.received, log.stream(0, nullptr, body_framing::chunked)) << instant << ' ' << room;
    }
  }
}

}  // namespace
}  // namespace event_relay
