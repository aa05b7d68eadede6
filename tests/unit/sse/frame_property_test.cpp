#include "event_relay/core/event.hpp"
#include "event_relay/sse/frame.hpp"
#include "support/event_stream_parser.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>
#include <vector>

// Whatever a publisher sends, a client reads back exactly that, as one event, under the relay's id.
namespace event_relay::sse {
namespace {

using test::dispatched_event;
using test::event_stream_parser;

// What tears frames apart when something is wrong: line ends, field names, marks that look like nothing.
constexpr std::string_view pieces[] = {
    "\r", "\n", "\r\n", "\n\n", "\r\r", "\r\n\r\n", "\xef\xbb\xbf", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xc2\x85", "\v", "\f",
    "\x01", "\x7f", ":", " ", "  ", "\t", "", "a", "data", "data: ", "data:", "id: 9-9", "id:", "id", "event: forged",
    "retry: 1", "{\"a\":1}", "\xf0\x9f\x9a\xb2"};

class generator {
 public:
  explicit generator(unsigned seed) : random_{seed} {}

  std::string data() {
    std::string text;
    for (auto left = random_() % 9; left > 0; --left) text += pieces[random_() % std::size(pieces)];
    return text;
  }

  /// One that a publisher may use; none, every third time.
  std::string type() {
    if (random_() % 3 == 0) return {};
    for (;;)
      if (auto text = data(); check_event_type(text)) return text;
  }

  event_id id() { return {static_cast<epoch_t>(random_()), random_() >> random_() % 32}; }
  bool one_in(unsigned many) { return random_() % many == 0; }

 private:
  std::mt19937 random_;
};

/// What the standard makes of data lines: every line end is a line feed.
std::string with_line_feeds(std::string_view data) {
  std::string text;
  for (std::size_t i = 0; i < data.size(); ++i) {
    if (data[i] != '\r') text += data[i];
    else if (i + 1 == data.size() || data[i + 1] != '\n') text += '\n';
  }
  return text;
}

TEST(FrameProperty, AStreamIsReadBackAsItWasPublished) {
  generator any{3};
  for (int stream = 0; stream < 2'000; ++stream) {
    std::string bytes = any.one_in(4) ? std::string() : preamble(std::chrono::milliseconds(3000));
    std::vector<dispatched_event> published;
    for (int i = 0; i < 10; ++i) {
      if (any.one_in(5)) bytes += heartbeat;
      const auto type = any.type();
      const auto data = any.data();
      const auto id = any.id();
      append_frame(bytes, type, data, id);
      published.push_back({type.empty() ? "message" : type, with_line_feeds(data), to_string(id)});
    }
    const event_stream_parser read(bytes);
    ASSERT_EQ(read.events, published) << testing::PrintToString(bytes);
    ASSERT_TRUE(!read.reconnection_time || read.reconnection_time == "3000");
    for (const auto& comment : read.comments) ASSERT_TRUE(comment == "ok" || comment == "heartbeat") << comment;
  }
}

TEST(FrameProperty, AFrameIsEventThenDataThenIdThenOneBlankLine) {
  generator any{4};
  for (int i = 0; i < 20'000; ++i) {
    const auto type = any.type();
    const auto id = any.id();
    std::string frame;
    append_frame(frame, type, any.data(), id);
    ASSERT_EQ(frame.find('\r'), std::string::npos);
    ASSERT_EQ(frame.find("\n\n"), frame.size() - 2) << testing::PrintToString(frame);
    std::string_view left = frame;
    if (!type.empty()) {
      ASSERT_TRUE(left.starts_with("event: " + type + "\n"));
      left.remove_prefix(type.size() + 8);
    }
    const auto last = "id: " + to_string(id) + "\n\n";
    ASSERT_TRUE(left.ends_with("\n" + last));
    left.remove_suffix(last.size());
    ASSERT_FALSE(left.empty());
    for (; !left.empty(); left.remove_prefix(left.find('\n') + 1)) ASSERT_TRUE(left.starts_with("data: "));
  }
}

TEST(FrameProperty, AFrameThatIsCutOffIsNoEventAndMovesNoCursor) {
  generator any{5};
  for (int i = 0; i < 500; ++i) {
    std::string whole;
    append_frame(whole, "before", "x", {1, 1});
    const auto before = whole.size();
    const auto id = any.id();
    append_frame(whole, any.type(), any.data(), id);
    for (auto length = before; length < whole.size(); ++length) {
      const event_stream_parser read(std::string_view(whole).substr(0, length));
      ASSERT_EQ(read.events.size(), 1u);
      ASSERT_EQ(read.last_event_id, "1-1");
    }
  }
}

}  // namespace
}  // namespace event_relay::sse
