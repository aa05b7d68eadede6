#include "http/reader_feed.hpp"

#include <gtest/gtest.h>

#include <string>

namespace event_relay::http {
namespace {

using test::reader_feed;
using test::reading;

const http_config defaults;

reading read_at_once(std::string_view bytes, const http_config& options = defaults) {
  reader_feed feed(options);
  feed.deliver(bytes);
  return feed.now();
}

class RequestHeader : public testing::TestWithParam<std::string> {};

TEST_P(RequestHeader, IsTheSameInTwoPieces) {
  const auto& bytes = GetParam();
  const auto expected = read_at_once(bytes);
  for (std::size_t split = 0; split <= bytes.size(); ++split) {
    reader_feed feed(defaults);
    feed.deliver(std::string_view(bytes).substr(0, split));
    feed.deliver(std::string_view(bytes).substr(split));
    EXPECT_EQ(feed.now(), expected) << "split at " << split << " of\n" << bytes;
  }
}

TEST_P(RequestHeader, IsTheSameByteByByte) {
  reader_feed feed(defaults);
  for (const char byte : GetParam()) feed.deliver({&byte, 1});
  EXPECT_EQ(feed.now(), read_at_once(GetParam())) << GetParam();
}

INSTANTIATE_TEST_SUITE_P(
    Good, RequestHeader,
    testing::Values("GET /events HTTP/1.1\r\nHost: a\r\n\r\n",
                    "GET / HTTP/1.0\r\n\r\n",
                    "\r\nGET /one HTTP/1.1\r\nHost: a\r\n\r\n",
                    "\r\n\r\nGET /two HTTP/1.1\r\nHost: a\r\n\r\n",
                    "POST /r HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
                    "POST /r HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                    "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
                    "POST /r HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "1\r\na\r\n0\r\nTrailer: x\r\n\r\n",
                    "POST /r HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
                    "POST /r HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: a\r\n\r\n"));

INSTANTIATE_TEST_SUITE_P(
    Bad, RequestHeader,
    testing::Values("GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n folded\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                    "\nGET / HTTP/1.1\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n"));

class RefusedHeader : public testing::TestWithParam<std::pair<const char*, errc>> {};

TEST_P(RefusedHeader, SaysWhy) {
  const auto [bytes, reason] = GetParam();
  EXPECT_EQ(read_at_once(bytes).refused, reason) << bytes;
}

constexpr auto malformed = errc::malformed_request;
INSTANTIATE_TEST_SUITE_P(
    Lines, RefusedHeader,
    testing::Values(std::pair{"GET / HTTP/1.1\nHost: a\r\n\r\n", malformed},
                    std::pair{"GET / HTTP/1.1\r\nHost: a\n\r\n", malformed},
                    std::pair{"GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n", malformed},
                    std::pair{"GET / HTTP/1.1\r\n Host: a\r\n\r\n", malformed},
                    std::pair{"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", malformed},
                    std::pair{"GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", malformed},
                    std::pair{"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", malformed},
                    std::pair{"\x16\x03\x01\x02\r\n\r\n", malformed},
                    std::pair{"GET / HTTP/3.0\r\nHost: a\r\n\r\n", errc::unsupported_version},
                    std::pair{"PRI * HTTP/2.0\r\n\r\n", errc::unsupported_version}));

INSTANTIATE_TEST_SUITE_P(
    BodyLengths, RefusedHeader,
    testing::Values(
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 4\r\n\r\nabcd", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\nabc", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\nabc", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                  malformed},
        std::pair{"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n", malformed},
        std::pair{"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", malformed}));

TEST(RequestReader, ASpaceInTheTargetIsRefused) {
  EXPECT_NE(read_at_once("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n").refused, errc{});
  EXPECT_NE(read_at_once("GET /a  HTTP/1.1\r\nHost: a\r\n\r\n").refused, errc{});
}

TEST(RequestReader, ALengthGivenTwiceAlikeIsOneLengthOrNone) {
  const auto read = read_at_once("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabcGET");
  if (read.refused == errc{}) EXPECT_EQ(read.body, "abc");
  else EXPECT_EQ(read.refused, malformed);
}

TEST(RequestReader, LimitsAreExact) {
  http_config options;
  options.max_header_bytes = 200;
  const std::string front = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  const auto filled = [&](std::size_t size) { return front + std::string(size - front.size() - 4, 'x') + "\r\n\r\n"; };
  EXPECT_TRUE(read_at_once(filled(200), options).complete);
  EXPECT_EQ(read_at_once(filled(201), options).refused, errc::header_too_large);
  EXPECT_EQ(read_at_once(filled(100'000), options).refused, errc::header_too_large);
}

TEST(RequestReader, AHeaderThatNeverEndsIsRefusedAtTheLimit) {
  http_config options;
  options.max_header_bytes = 500;
  reader_feed feed(options);
  std::size_t sent = 0;
  feed.deliver("GET / HTTP/1.1\r\n");
  for (sent = 16; feed.now().refused == errc{} && sent < 5000; sent += 5) feed.deliver("a:b\r\n");
  EXPECT_EQ(feed.now().refused, errc::header_too_large);
  EXPECT_LE(sent, 520u);
}

TEST(RequestReader, ATargetMayBeAsLongAsTheLimit) {
  const auto request_for = [](std::size_t length) {
    return "GET /" + std::string(length - 1, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  EXPECT_TRUE(read_at_once(request_for(8'000)).complete);
  EXPECT_EQ(read_at_once(request_for(8'001)).refused, errc::target_too_long);
  EXPECT_EQ(read_at_once(request_for(15'000)).refused, errc::target_too_long);
  EXPECT_EQ(read_at_once(request_for(1'000'000)).refused, errc::target_too_long);
  EXPECT_EQ(read_at_once(std::string(1'000'000, 'G')).refused, errc::target_too_long) << "no line at all";
}

TEST(RequestReader, KnowsWhetherTheConnectionGoesOn) {
  EXPECT_TRUE(read_at_once("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keep_alive);
  EXPECT_FALSE(read_at_once("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n").keep_alive);
  EXPECT_FALSE(read_at_once("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(read_at_once("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
}

}  // namespace
}  // namespace event_relay::http
