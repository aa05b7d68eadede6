#include "event_relay/client/event_stream_parser.hpp"

#include "support/event_stream_parser.hpp"

#include <gtest/gtest.h>

#include <random>

namespace event_relay::client {
namespace {

using namespace std::string_view_literals;

std::vector<stream_event> read_in_pieces(std::string_view stream, auto&& next_size) {
  event_stream_parser parser;
  std::vector<stream_event> events;
  while (!stream.empty()) {
    const auto piece = stream.substr(0, next_size());
    for (auto& event : parser.read(piece)) events.push_back(std::move(event));
    stream.remove_prefix(piece.size());
  }
  return events;
}

std::vector<stream_event> by_the_standard(std::string_view stream) {
  std::vector<stream_event> events;
  for (const auto& one : test::event_stream_parser(stream).events)
    events.push_back({one.type, one.data, one.last_event_id});
  return events;
}

TEST(IncrementalParser, ReadsWhatTheStandardSaysHoweverTheBytesCome) {
  constexpr std::string_view streams[] = {
      ":ok\nretry: 3000\nevent: created\ndata: {\"a\":1}\nid: 4711-1\n\ndata: two\ndata: lines\nid: 4711-2\n\n",
      "\xef\xbb\xbf"
      "data: a\r\n\r\ndata: b\r\rdata: c\n\ndata\n\ndata:  space\r\n\r\n",
      "data: x\nid: 1\n\nid\ndata: y\n\nid: a\0b\ndata: z\n\nevent: lost\n\ndata: never ended"sv,
      "\xef\xbb\ndata: no mark\n\n",
  };
  for (const auto stream : streams) {
    const auto expected = by_the_standard(stream);
    for (std::size_t size = 1; size <= stream.size(); ++size)
      EXPECT_EQ(read_in_pieces(stream, [size] { return size; }), expected) << size;
  }
}

TEST(IncrementalParser, AgreesWithTheStandardOnRandomBytes) {
  std::minstd_rand random{17};
  constexpr std::string_view pieces[] = {"data", "id", "event", ": ", ":", "\n", "\r", "\r\n", "x", " ", "1-2", "\n\n"};
  for (int round = 0; round < 2'000; ++round) {
    std::string stream;
    for (int piece = 0; piece < 40; ++piece) stream += pieces[random() % std::size(pieces)];
    EXPECT_EQ(read_in_pieces(stream, [&] { return 1 + random() % 5; }), by_the_standard(stream)) << stream;
  }
}

TEST(IncrementalParser, TellsCursorCommentsAndRetry) {
  event_stream_parser parser;
  EXPECT_TRUE(parser.read(":ok\nretry: 2500\nid: 7-1\n\n:heartbeat\n").empty());
  EXPECT_EQ(parser.last_event_id(), "7-1");
  EXPECT_EQ(parser.comments(), 2U);
  EXPECT_EQ(parser.retry(), std::chrono::milliseconds(2500));
  parser.read("retry: soon\n");
  EXPECT_EQ(parser.retry(), std::chrono::milliseconds(2500));
}

}  // namespace
}  // namespace event_relay::client
