#include "event_relay/sse/chunk.hpp"
#include "support/chunked_body.hpp"

#include <gtest/gtest.h>

#include <random>

namespace event_relay::sse {
namespace {

std::string chunk_of(std::string_view payload) {
  std::string chunk;
  append_chunk(chunk, payload);
  return chunk;
}

TEST(Chunk, HasItsSizeInHexadecimalDigits) {
  EXPECT_EQ(chunk_of("a"), "1\r\na\r\n");
  EXPECT_EQ(chunk_of("0123456789"), "a\r\n0123456789\r\n");
  EXPECT_EQ(chunk_of(std::string(16, 'x')), "10\r\n" + std::string(16, 'x') + "\r\n");
  EXPECT_EQ(chunk_of(std::string(1 << 20, 'x')), "100000\r\n" + std::string(1 << 20, 'x') + "\r\n");
}

TEST(Chunk, TellsWhereThePayloadIs) {
  for (const std::size_t size : {1u, 9u, 15u, 16u, 255u, 256u, 70'000u}) {
    std::string out = "before";
    const std::string payload(size, 'x');
    const auto head = append_chunk(out, payload);
    EXPECT_EQ(std::string_view(out).substr(6 + head, size), payload);
    EXPECT_EQ(out.size(), 6 + head + size + chunk_tail_bytes);
  }
}

TEST(Chunk, IsOnlyThereWhereTheFramingWantsIt) {
  EXPECT_EQ(framed(body_framing::chunked, ":heartbeat\n"), "b\r\n:heartbeat\n\r\n");
  EXPECT_EQ(framed(body_framing::close_delimited, ":heartbeat\n"), ":heartbeat\n");
}

TEST(Chunk, TheLastOneIsEmpty) {
  EXPECT_EQ(last_chunk, "0\r\n\r\n");
  EXPECT_TRUE(test::chunked_body(last_chunk).complete);
}

TEST(Chunk, ABodyIsReadBack) {
  std::mt19937 random{6};
  for (int i = 0; i < 500; ++i) {
    std::string body;
    std::vector<std::string> payloads;
    for (auto chunks = random() % 8; chunks > 0; --chunks) {
      auto& payload = payloads.emplace_back(1 + random() % 600, 'x');
      for (auto& byte : payload) byte = "\r\n0a\xff:"[random() % 6];
      append_chunk(body, payload);
    }
    body += last_chunk;
    const test::chunked_body read(body);
    ASSERT_EQ(read.chunks, payloads);
    ASSERT_TRUE(read.complete);
    ASSERT_EQ(read.rest, "");
  }
}

}  // namespace
}  // namespace event_relay::sse
