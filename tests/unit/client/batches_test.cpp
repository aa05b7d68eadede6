#include "event_relay/client/publish.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace event_relay::client {
namespace {

std::vector<std::string> pieces(const std::string& text, std::size_t max_lines, std::size_t max_bytes) {
  std::istringstream in{text};
  batches source(in, max_lines, max_bytes);
  std::vector<std::string> all;
  for (auto piece = source.next(); !piece.empty(); piece = source.next()) all.push_back(piece);
  return all;
}

using texts = std::vector<std::string>;

TEST(Batches, HoldSoManyLines) {
  EXPECT_EQ(pieces("1\n2\n3\n4\n5", 2, 100), (texts{"1\n2\n", "3\n4\n", "5\n"}));
  EXPECT_EQ(pieces("1\n2\n", 2, 100), (texts{"1\n2\n"}));
  EXPECT_EQ(pieces("", 2, 100), texts{});
}

TEST(Batches, HoldSoManyBytes) {
  EXPECT_EQ(pieces("11\n22\n33\n", 9, 6), (texts{"11\n22\n", "33\n"}));
  EXPECT_EQ(pieces("1\nmuch too long\n2\n3\n", 9, 4), (texts{"1\n", "much too long\n", "2\n3\n"}));
}

TEST(Batches, CountTheLinesBefore) {
  std::istringstream in{"1\n2\n3\n4\n"};
  batches source(in, 3, 100);
  source.next();
  EXPECT_EQ(source.lines_before(), 0U);
  source.next();
  EXPECT_EQ(source.lines_before(), 3U);
}

}  // namespace
}  // namespace event_relay::client
