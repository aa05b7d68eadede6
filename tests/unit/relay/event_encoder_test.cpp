#include "event_relay/relay/event_encoder.hpp"
#include "support/event_stream_parser.hpp"
#include "support/sample_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace event_relay {
namespace {

using nlohmann::json;
using test::sample_log;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr event_id place{7, 3};

/// What a reader gets who is sent some events, with silence before, between and after them.
class EventEncoder : public testing::Test {
 protected:
  EventEncoder() {
    const topic named[] = {{topic_id{1}, "loans"}};
    topics.set_topics(named);
    log.add(topic_id{1}, "made", R"({"n":1.0})");
    log.add(topic_id{1}, "", "a\r\nb\n\xc3\xa9");
    log.add(topic_id{1}, "made", "[1,\r\n2]");
    events = log.page(0, 3);
  }

  event_encoder encoder(envelope as, bool cloud_events = false) const {
    stream_form form;
    form.as = as;
    form.cloud_events = cloud_events;
    return {form, topics};
  }

  std::string whole(const event_encoder& words, std::size_t count, bool with_control = false) const {
    std::string body(words.opening());
    bool is_first = true;
    body += words.heartbeat();
    if (with_control) {
      body += words.control("relay.reset", R"({"reason":"expired"})", {7, 0}, is_first);
      is_first = false;
      body += words.heartbeat();
    }
    for (std::size_t i = 0; i < count; ++i, is_first = false) {
      words.add(body, *events, i, is_first);
      body += words.heartbeat();
    }
    body += words.cursor(place);
    body += words.heartbeat();
    return body += words.closing(place);
  }

  static std::vector<json> lines_of(std::string_view body) {
    std::vector<json> lines;
    for (std::size_t at; (at = body.find('\n')) != body.npos; body.remove_prefix(at + 1))
      if (at > 0) lines.push_back(json::parse(body.substr(0, at)));
    EXPECT_EQ(body, "");
    return lines;
  }
  static std::vector<std::string> ids_of(const json& elements) {
    std::vector<std::string> ids;
    for (const auto& element : elements) ids.push_back(element.at("id"));
    return ids;
  }

  journal_status topics;
  sample_log log;
  std::shared_ptr<const log_segment> events;
};

TEST_F(EventEncoder, TheEventStreamHasTheFramesOfTheSegments) {
  const auto words = encoder(envelope::event_stream);
  EXPECT_TRUE(words.takes_frames());
  EXPECT_TRUE(words.is_event_stream());
  EXPECT_EQ(words.opening(), "");
  EXPECT_EQ(words.closing(place), "");
  std::string frame;
  words.add(frame, *events, 1, true);
  EXPECT_EQ(frame, events->frame(1));
  EXPECT_EQ(words.cursor(place), "id: 7-3\n\n");
}

TEST_F(EventEncoder, TheEventStreamIsWhatItsParserExpects) {
  const test::event_stream_parser read(whole(encoder(envelope::event_stream), 3, true));
  EXPECT_THAT(read.events,
              ElementsAre(test::dispatched_event{"relay.reset", R"({"reason":"expired"})", "7-0"},
                          test::dispatched_event{"made", R"({"n":1.0})", "7-1"},
                          test::dispatched_event{"message", "a\nb\n\xc3\xa9", "7-2"},
                          test::dispatched_event{"made", "[1,\n2]", "7-3"}));
  EXPECT_EQ(read.last_event_id, "7-3");
}

TEST_F(EventEncoder, CloudEventsInTheEventStreamAreItsData) {
  const auto words = encoder(envelope::event_stream, true);
  EXPECT_FALSE(words.takes_frames());
  EXPECT_TRUE(words.is_event_stream());
  const test::event_stream_parser read(whole(words, 3));
  ASSERT_EQ(read.events.size(), 3u);
  EXPECT_EQ(read.events[0].type, "made");
  EXPECT_EQ(read.events[1].type, "message");
  EXPECT_EQ(read.events[1].last_event_id, "7-2");
  const auto event = json::parse(read.events[1].data);
  EXPECT_EQ(event.at("specversion"), "1.0");
  EXPECT_EQ(event.at("source"), "/loans");
  EXPECT_EQ(event.at("data"), "a\r\nb\n\xc3\xa9");
}

TEST_F(EventEncoder, WordsInAStreamOfCloudEventsAreNone) {
  EXPECT_EQ(encoder(envelope::event_stream, true).control("relay.live", "{}", place, false),
            "event: relay.live\ndata: {}\nid: 7-3\n\n");
}

TEST_F(EventEncoder, LinesAreAnObjectEach) {
  const auto lines = lines_of(whole(encoder(envelope::lines), 3, true));
  EXPECT_THAT(ids_of(lines), ElementsAre("7-0", "7-1", "7-2", "7-3", "7-3"));
  EXPECT_EQ(lines[0].at("type"), "relay.reset");
  EXPECT_TRUE(lines[0].at("topic").is_null());
  EXPECT_EQ(lines[0].at("data").at("reason"), "expired");
  EXPECT_EQ(lines[1].at("topic"), "loans");
  EXPECT_EQ(lines[2].at("text"), "a\r\nb\n\xc3\xa9");
  EXPECT_EQ(lines[3].at("data"), json::parse("[1,2]"));
  EXPECT_EQ(lines[4].at("type"), "relay.cursor");
}

TEST_F(EventEncoder, LinesBreakNoLine) {
  const auto words = encoder(envelope::lines);
  for (std::size_t i = 0; i < events->size(); ++i) {
    std::string line;
    words.add(line, *events, i, i == 0);
    EXPECT_EQ(line.find_first_of("\r\n"), line.size() - 1);
  }
}

TEST_F(EventEncoder, LinesOfCloudEventsAreLinesToo) {
  for (const auto& event : lines_of(whole(encoder(envelope::lines, true), 3, true)))
    EXPECT_EQ(event.at("specversion"), "1.0");
}

TEST_F(EventEncoder, APageIsOneObjectWithWhatFollows) {
  const auto words = encoder(envelope::page);
  for (std::size_t count = 0; count <= 3; ++count) {
    const auto page = json::parse(whole(words, count));
    EXPECT_EQ(page.size(), 2u);
    EXPECT_EQ(page.at("events").size(), count);
    EXPECT_EQ(page.at("next"), "7-3");
  }
  const auto page = json::parse(whole(words, 2, true));
  EXPECT_THAT(ids_of(page.at("events")), ElementsAre("7-0", "7-1", "7-2"));
}

TEST_F(EventEncoder, APageWithoutAPlaceHasNothingNext) {
  const auto words = encoder(envelope::page);
  const auto page = json::parse(std::string(words.opening()) + words.closing({0, 0}));
  EXPECT_TRUE(page.at("next").is_null());
}

TEST_F(EventEncoder, APageKeepsItsNumbersByteForByte) {
  EXPECT_NE(whole(encoder(envelope::page), 1).find(R"("data":{"n":1.0})"), std::string::npos);
}

TEST_F(EventEncoder, AFeedIsAnArrayOfCloudEventsWithTheRelaysIds) {
  const auto words = encoder(envelope::feed, true);
  for (std::size_t count = 0; count <= 3; ++count) EXPECT_EQ(json::parse(whole(words, count)).size(), count);
  const auto feed = json::parse(whole(words, 3, true));
  EXPECT_THAT(ids_of(feed), ElementsAre("7-0", "7-1", "7-2", "7-3"));
  for (const auto& event : feed) EXPECT_EQ(event.at("specversion"), "1.0");
  EXPECT_EQ(feed[0].at("source"), "/events");
  EXPECT_EQ(feed[0].at("type"), "relay.reset");
}

TEST_F(EventEncoder, AFeedOfNothingIsAnEmptyArray) {
  EXPECT_THAT(json::parse(whole(encoder(envelope::feed, true), 0)), IsEmpty());
}

TEST_F(EventEncoder, WhatCameAsACloudEventKeepsItsIdOutsideOfFeeds) {
  std::string bytes;
  event_view event = log.at(1);
  event.attributes = R"({"id":"theirs","source":"/them"})";
  const auto marks = serialise(bytes, event, 7);
  log_segment segment{1, 1, bytes.size()};
  ASSERT_TRUE(segment.append(bytes, marks));
  std::string line, element;
  encoder(envelope::lines, true).add(line, segment, 0, true);
  encoder(envelope::feed, true).add(element, segment, 0, true);
  EXPECT_EQ(json::parse(line).at("id"), "theirs");
  EXPECT_EQ(json::parse(element).at("id"), "7-1");
  EXPECT_EQ(json::parse(element).at("source"), "/them");
}

}  // namespace
}  // namespace event_relay
