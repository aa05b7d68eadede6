#pragma once

#include "support/chunked_body.hpp"
#include "unit/relay/cursor_fixture.hpp"

#include <nlohmann/json.hpp>

#include <ostream>
#include <vector>

namespace event_relay::test {

inline constexpr topic_id of_interest{2};
inline constexpr topic_id of_others{1};

/// What can happen.
enum class act {
  publish_wanted, publish_unwanted, evict, write_little, write_more, write_all, page, empty_page, drop_page, tell, skip,
};
inline constexpr const char* names_of_acts[] = {"publish_wanted", "publish_unwanted", "evict", "write_little",
                                                "write_more", "write_all", "page", "empty_page", "drop_page", "tell",
                                                "skip"};
inline constexpr auto number_of_acts = std::size(names_of_acts);

inline void PrintTo(act what, std::ostream* out) { *out << names_of_acts[static_cast<std::size_t>(what)]; }

/// Where it begins.
struct told_setup {
  const char* name;
  stream_form form;
  sse::body_framing framing;
  std::size_t more_than_one_event;  ///< in bytes
  position_t published;
  position_t tail_begins_after;
  bool brings_id;
};

inline void PrintTo(const told_setup& from, std::ostream* out) { *out << from.name; }

/// An id that a subscriber has, once it is whole.
struct told {
  position_t position;
  bool by_event;
};

inline std::vector<told> told_in(std::string_view body, envelope as) {
  const bool lines = as == envelope::lines;
  const std::string_view end = lines ? "\n" : "\n\n";
  std::vector<told> all;
  for (std::size_t at = 0; (at = body.find(end)) != body.npos; body.remove_prefix(at + end.size())) {
    const auto item = body.substr(0, at);
    if (lines) {
      const auto read = nlohmann::json::parse(item);
      all.push_back({parse_event_id(read.at("id").get<std::string>())->position, read.at("type") != "relay.cursor"});
    } else {
      all.push_back({parse_event_id(item.substr(item.rfind("id: ") + 4))->position, item.find("data: ") != item.npos});
    }
  }
  return all;
}

/// One subscriber of a topic among the events of two, and its handler, as far as it is the test.
class told_world {
 public:
  explicit told_world(const told_setup& from) : from_{from} {
    for (position_t i = 0; i < from.published; ++i) log_.add(i % 2 == 0 ? of_others : of_interest);
    tail_.restart(sample_log::first_epoch, from.tail_begins_after);
    log_.feed(tail_);
    enter(subscriber_, 0);
    if (from.brings_id) subscriber_.moving.knows_position();
    else subscriber_.moving.tell_position();
  }

  /// False: it makes no difference here.
  bool apply(act what) {
    auto& moving = subscriber_.moving;
    switch (what) {
      case act::publish_wanted: return at_head_ = false, publish(of_interest);
      case act::publish_unwanted: return publish(of_others);
      case act::evict: return tail_.restart(sample_log::first_epoch, log_.head()), true;
      case act::write_little: return write(9) == cursor::need::write;
      case act::write_more: return write(from_.more_than_one_event) == cursor::need::write;
      case act::write_all: return write(cursor_driver::everything), true;
      case act::page: return take_page(2);
      case act::empty_page: return take_page(0);
      case act::drop_page: return moving.holds_page() && (moving.drop_page(), true);
      case act::tell: return moving.on_frame_boundary() && moving.untold() > 0 && (moving.tell_position(), true);
      case act::skip: return at_head_ && log_.head() > moving.position() && (moving.move_to(log_.head()), true);
    }
    return false;
  }

  void check() const {
    const auto last = check_told(all_told());
    if (subscriber_.moving.on_frame_boundary()) {
      EXPECT_EQ(subscriber_.moving.position() - subscriber_.moving.untold(), last);
    }
  }

  /// A client that is cut off now, and one that stays, get the rest.
  void check_to_the_end() {
    auto before = all_told();
    if (from_.brings_id || !before.empty()) {
      cursor_driver again{tail_, wanted_, from_.framing, from_.form};
      enter(again, before.empty() ? 0 : before.back().position);
      again.moving.knows_position();
      again.catch_up(log_, 3);
      std::ranges::copy(told_in(payload_of(again), from_.form.as), std::back_inserter(before));
      check_everything(before);
    }
    subscriber_.catch_up(log_, 2);
    if (subscriber_.moving.untold() > 0) subscriber_.moving.tell_position();
    subscriber_.run();
    EXPECT_EQ(subscriber_.moving.untold(), 0u);
    EXPECT_EQ(check_told(all_told()), log_.head());
    check_everything(all_told());
  }

 private:
  static void enter(cursor_driver& subscriber, position_t position) {
    subscriber.moving.enter(sample_log::first_epoch);
    subscriber.moving.move_to(position);
  }

  bool publish(topic_id topic) {
    log_.add(topic);
    log_.feed(tail_);
    return true;
  }

  bool take_page(std::size_t events) {
    if (!std::exchange(asked_, false)) return false;
    subscriber_.moving.take_page(log_.page(subscriber_.moving.position(), events));
    return true;
  }

  cursor::need write(std::size_t room) {
    const auto needed = subscriber_.step(room);
    asked_ = needed == cursor::need::page;
    at_head_ = needed == cursor::need::wait;
    return needed;
  }

  std::string payload_of(const cursor_driver& subscriber) const {
    return from_.framing == sse::body_framing::chunked ? chunked_body(subscriber.received).payload()
                                                  : subscriber.received;
  }
  std::vector<told> all_told() const { return told_in(payload_of(subscriber_), from_.form.as); }

  std::vector<position_t> wanted_up_to(position_t last) const {
    std::vector<position_t> positions;
    for (position_t position = 1; position <= last; ++position)
      if (log_.at(position).topic == of_interest) positions.push_back(position);
    return positions;
  }

  /// The last of them.
  position_t check_told(const std::vector<told>& all) const {
    std::vector<position_t> seen;
    position_t last = 0;
    for (const auto& one : all) {
      EXPECT_GE(one.position, last);
      if (one.by_event) seen.push_back(one.position);
      last = one.position;
      EXPECT_EQ(seen, wanted_up_to(last)) << "when " << last << " is told";
    }
    return last;
  }

  void check_everything(const std::vector<told>& all) const {
    std::vector<position_t> seen;
    for (const auto& one : all)
      if (one.by_event) seen.push_back(one.position);
    EXPECT_EQ(seen, wanted_up_to(log_.head()));
  }

  const told_setup& from_;
  const std::shared_ptr<const filter> wanted_ = topic_only(of_interest);
  sample_log log_;
  log_tail tail_{1 << 20};
  cursor_driver subscriber_{tail_, wanted_, from_.framing, from_.form};
  bool asked_ = false;    // for a page, and it has not come
  bool at_head_ = false;  // nothing wanted came since
};

}  // namespace event_relay::test
