#include "http/reader_feed.hpp"

#include <gtest/gtest.h>

#include <string>

namespace event_relay::http {
namespace {

using test::reader_feed;

constexpr std::string_view chunked_head = "POST /r HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

class RequestBody : public testing::Test {
 protected:
  const http_config options;
  reader_feed feed{options, 10};
};

TEST_F(RequestBody, IsAsLongAsDeclared) {
  feed.deliver("POST /r HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell");
  EXPECT_FALSE(feed.now().complete);
  feed.deliver("o");
  EXPECT_TRUE(feed.now().complete);
  EXPECT_EQ(feed.now().body, "hello");
}

TEST_F(RequestBody, OfNoLengthIsEmpty) {
  feed.deliver("POST /r HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(feed.now().complete);
  EXPECT_EQ(feed.now().body, "");
  EXPECT_FALSE(feed.reader().announces_body());
}

TEST_F(RequestBody, ALengthOfZeroAnnouncesNone) {
  feed.deliver("GET /r HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(feed.now().complete);
  EXPECT_FALSE(feed.reader().announces_body());
}

TEST_F(RequestBody, IsAnnouncedByALengthAndByChunks) {
  feed.deliver("GET /r HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
  EXPECT_TRUE(feed.reader().announces_body());
  reader_feed other(options);
  other.deliver(chunked_head);
  EXPECT_TRUE(other.reader().announces_body());
}

TEST_F(RequestBody, OfChunksIsPutTogether) {
  feed.deliver(chunked_head);
  feed.deliver("3\r\nabc\r\n5;name=\"value\"\r\ndefgh\r\n0\r\n\r\n");
  EXPECT_TRUE(feed.now().complete);
  EXPECT_EQ(feed.now().body, "abcdefgh");
}

TEST_F(RequestBody, MayBeAsLargeAsTheLimit) {
  feed.deliver(chunked_head);
  feed.deliver("A\r\n0123456789\r\n0\r\n\r\n");
  EXPECT_TRUE(feed.now().complete);
  EXPECT_EQ(feed.now().body, "0123456789");
}

TEST_F(RequestBody, OfChunksIsRefusedAboveTheLimit) {
  feed.deliver(chunked_head);
  feed.deliver("A\r\n0123456789\r\n1\r\nx\r\n");
  EXPECT_EQ(feed.now().refused, errc::data_too_large);
}

TEST_F(RequestBody, IsRefusedBeforeTheLastChunkHasCome) {
  feed.deliver(chunked_head);
  feed.deliver("FFFF\r\n0123456789x");
  EXPECT_EQ(feed.now().refused, errc::data_too_large);
}

TEST_F(RequestBody, MalformedChunksAreRefused) {
  // Each goes on until a reader that takes it for something else has its whole body.
  for (const std::string_view chunks :
       {"5\nhello\n0\n\n\r\n\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "-1\r\nx\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "0 5\r\n\r\n", "\r\nhello\r\n0\r\n\r\n", "5 5\r\nhello\r\n0\r\n\r\n", "ffffffffffffffffff\r\nx\r\n\r\n",
        "2\r\nab\n0\r\n\r\n", "1\r\na\r\n0\n\n\r\n\r\n", "1\r\na\r\n0\r\nno colon\r\n\r\n"}) {
    reader_feed one(options);
    one.deliver(chunked_head);
    one.deliver(chunks);
    EXPECT_EQ(one.now().refused, errc::malformed_request) << chunks;
  }
}

TEST_F(RequestBody, AChunkLineThatNeverEndsIsRefused) {
  feed.deliver(chunked_head);
  feed.deliver("5;");
  std::size_t sent = 0;
  for (; feed.now().refused == errc{} && sent < 1'000'000; sent += 1000) feed.deliver(std::string(1000, 'x'));
  EXPECT_EQ(feed.now().refused, errc::malformed_request);
  EXPECT_LE(sent, options.max_header_bytes + 2000);
}

TEST_F(RequestBody, ATrailerThatNeverEndsIsRefused) {
  feed.deliver(chunked_head);
  feed.deliver("1\r\nx\r\n0\r\n");
  std::size_t sent = 0;
  for (; feed.now().refused == errc{} && sent < 1'000'000; sent += 7) feed.deliver("A: bb\r\n");
  EXPECT_EQ(feed.now().refused, errc::malformed_request);
  EXPECT_LE(sent, 2 * options.max_header_bytes);
}

TEST_F(RequestBody, TheRequestBehindItIsKept) {
  feed.deliver("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiPOST /b HTTP/1.1\r\nHost: a\r\n"
               "Transfer-Encoding: chunked\r\n\r\n2\r\nho\r\n0\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(feed.now().body, "hi");
  EXPECT_TRUE(feed.reader().has_input());
  feed.begin();
  EXPECT_EQ(feed.now().target, "/b");
  EXPECT_EQ(feed.now().body, "ho");
  feed.begin();
  EXPECT_EQ(feed.now().target, "/c");
  EXPECT_TRUE(feed.now().complete);
  EXPECT_FALSE(feed.reader().has_input());
  feed.begin();
  EXPECT_FALSE(feed.now().complete);
}

TEST_F(RequestBody, ALineEndTooManyBehindItIsForgiven) {
  feed.deliver("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  feed.begin();
  EXPECT_TRUE(feed.now().complete);
  EXPECT_EQ(feed.now().target, "/b");
}

TEST_F(RequestBody, ExpectationIsOfHttp11Only) {
  feed.deliver("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_TRUE(feed.reader().expects_continue());
  reader_feed old(options);
  old.deliver("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  EXPECT_FALSE(old.reader().expects_continue());
  reader_feed without(options);
  without.deliver("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
  EXPECT_FALSE(without.reader().expects_continue());
}

TEST_F(RequestBody, DiscardedInputIsGone) {
  feed.deliver("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest");
  EXPECT_TRUE(feed.reader().has_input());
  feed.reader().discard_input();
  EXPECT_FALSE(feed.reader().has_input());
}

}  // namespace
}  // namespace event_relay::http
