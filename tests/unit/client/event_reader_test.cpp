#include "event_relay/client/event_reader.hpp"

#include <gtest/gtest.h>

namespace event_relay::client {
namespace {

const std::string line =
    R"({"id":"7-1","position":1,"topic":"loans","type":"made","time":"2026-11-27T09:00:00Z","data":{"book": 1.50}})";

std::vector<received> read(event_format format, std::string_view bytes) {
  return event_reader(format).read(bytes);
}

TEST(EventReader, AsksForTheFormThatSuitsTheFormat) {
  EXPECT_EQ(event_reader(event_format::lines).media_type(), "application/x-ndjson");
  EXPECT_EQ(event_reader(event_format::data).media_type(), "application/x-ndjson");
  EXPECT_EQ(event_reader(event_format::sse).media_type(), "text/event-stream");
  EXPECT_EQ(event_reader(event_format::cloud_events).media_type(), "text/event-stream");
}

TEST(EventReader, PassesLinesOnAsTheyAre) {
  const auto all = read(event_format::lines, line + "\n\n<html>\n[1]\n{}\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "7-1");
  EXPECT_EQ(all[0].type, "made");
  EXPECT_EQ(all[0].text, line + "\n");
}

TEST(EventReader, ReadsLinesThatComeInPieces) {
  event_reader reader(event_format::lines);
  const auto text = line + "\n";
  for (std::size_t at = 0; at + 1 < text.size(); ++at) EXPECT_TRUE(reader.read(text.substr(at, 1)).empty());
  EXPECT_EQ(reader.read("\n").size(), 1U);
}

TEST(EventReader, TakesTheDataOut) {
  EXPECT_EQ(read(event_format::data, line + "\n")[0].text, "{\"book\": 1.50}\n");
  const auto text = read(event_format::data, R"({"id":"7-2","type":null,"text":"a\r\nb"})"
                                             "\n");
  EXPECT_EQ(text[0].text, "a\r\nb\n");
  EXPECT_EQ(text[0].type, "");
}

TEST(EventReader, KeepsTheRelaysOwnWordsApart) {
  const auto reset = R"({"id":"7-3","position":3,"topic":null,"type":"relay.reset","data":{"reason":"expired"}})"
                     "\n";
  for (const auto format : {event_format::lines, event_format::data}) {
    const auto all = read(format, reset);
    EXPECT_TRUE(all[0].is_of_relay());
    EXPECT_EQ(all[0].data, R"({"reason":"expired"})");
    EXPECT_EQ(all[0].text, "");
  }
  const auto all = read(event_format::sse, "event: relay.reset\ndata: {\"reason\":\"expired\"}\nid: 7-3\n\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_TRUE(all[0].is_of_relay());
  EXPECT_EQ(all[0].data, R"({"reason":"expired"})");
}

TEST(EventReader, WritesFramesAsTheRelayDoes) {
  const std::string frames = "event: made\ndata: a\ndata: b\nid: 7-1\n\ndata: c\nid: 7-2\n\n";
  std::string printed;
  for (const auto& one : read(event_format::sse, ":ok\nretry: 1\n" + frames + ":heartbeat\n")) printed += one.text;
  EXPECT_EQ(printed, frames);
}

TEST(EventReader, KnowsTheRelaysIdOfACloudEvent) {
  const auto all = read(event_format::cloud_events, "event: made\ndata: {\"id\":\"17\"}\nid: 7-1\n\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].id, "7-1");
  EXPECT_EQ(all[0].text, "{\"id\":\"17\"}\n");
}

TEST(EventReader, TellsACursorWithoutAnEvent) {
  const auto all = read(event_format::sse, "id: 7-5\n\n");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].type, "relay.cursor");
  EXPECT_EQ(all[0].id, "7-5");
}

}  // namespace
}  // namespace event_relay::client
