#include "http/http_fixture.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <system_error>
#include <variant>

namespace event_relay::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

class StreamEvents : public http_fixture {
 protected:
  stream_request ask_for(std::string_view target, std::string_view more_headers = {}) {
    client_.emplace(connect());
    client_->send(get(target, more_headers));
    return opened();
  }
  /// The head comes first, whole and at once: a new socket takes it.
  stream_request opened() {
    auto stream = door.next_stream();
    EXPECT_EQ(stream.unsent, "");
    head_ = client_->read_some();
    return stream;
  }
  int status_of(std::string_view target, std::string_view more_headers = {}) const {
    return connect().ask(get(target, more_headers)).status;
  }

  std::optional<http_client> client_;
  std::string head_;  // of the response, and the preamble
};

TEST_F(StreamEvents, TheHeadSaysWhatProxiesMustNotDo) {
  start();
  const auto stream = ask_for("/events");
  EXPECT_THAT(head_, StartsWith("HTTP/1.1 200 OK\r\n"));
  for (const auto* line : {"Content-Type: text/event-stream; charset=utf-8", "Transfer-Encoding: chunked",
                           "Cache-Control: no-cache, no-store, no-transform", "X-Accel-Buffering: no",
                           "Vary: Accept, Origin", "X-Content-Type-Options: nosniff"})
    EXPECT_THAT(head_, HasSubstr("\r\n" + std::string(line) + "\r\n"));
  EXPECT_THAT(head_, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(stream.framing, sse::body_framing::chunked);
}

// Whoever has the head may publish and count on seeing it, however late the stream's actor starts.
TEST_F(StreamEvents, ALiveStreamBeginsWhereTheJournalStoodBeforeTheHead) {
  start();
  const auto begin = std::get<sse::start_live>(ask_for("/events").start);
  EXPECT_EQ(begin.epoch, door.live_start().epoch);
  EXPECT_EQ(begin.position, door.live_start().position);
}

TEST_F(StreamEvents, ThePreambleComesWithTheHead) {
  start();
  const auto stream = ask_for("/events");
  const auto body = head_.substr(head_.find("\r\n\r\n") + 4);
  EXPECT_THAT(body, MatchesRegex("[0-9a-f]+\r\n:ok\nretry: [0-9]+\n\r\n"));
}

TEST_F(StreamEvents, Http10GetsABodyThatEndsWithTheConnection) {
  start();
  client_.emplace(connect());
  client_->send("GET /events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto stream = opened();
  EXPECT_THAT(head_, StartsWith("HTTP/1.0 200 OK\r\n"));
  EXPECT_THAT(head_, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(head_, Not(HasSubstr("chunked")));
  EXPECT_THAT(head_, MatchesRegex("(.|\r|\n)*\r\n\r\n:ok\nretry: [0-9]+\n"));
  EXPECT_EQ(stream.framing, sse::body_framing::close_delimited);
}

TEST_F(StreamEvents, WithoutAnythingItIsLiveAndUnfiltered) {
  start();
  const auto stream = ask_for("/events?_=cache-buster");
  EXPECT_TRUE(std::holds_alternative<sse::start_live>(stream.start));
  EXPECT_EQ(stream.wanted, nullptr);
  EXPECT_EQ(stream.on_gap, gap_policy::earliest);
  EXPECT_EQ(door.last_address(), "127.0.0.1");
}

TEST_F(StreamEvents, TheFilterIsRead) {
  start();
  const auto stream = ask_for("/events?topic=orders,reservations&type=a&type=b,c");
  EXPECT_THAT(stream.wanted->topics, ElementsAre(topic_id{2}, topic_id{1}));
  EXPECT_THAT(stream.wanted->types, ElementsAre("a", "b", "c"));
}

TEST_F(StreamEvents, TheStartIsReadAndTheHeaderWins) {
  start();
  for (const auto* target : {"/events?lastEventId=4711-5", "/events?lastEventID=4711-5", "/events?last_event_id=4711-5",
                             "/events?Last-Event-ID=4711-5", "/events?from=4711-5",
                             "/events?from=earliest&lastEventId=4711-5",
                             "/events?lastEventId=4711-5&lastEventID=4711-5"}) {
    const auto stream = ask_for(target);
    EXPECT_EQ(std::get<sse::start_after>(stream.start).position, 5u) << target;
  }
  const auto stream = ask_for("/events?lastEventId=4711-5", "last-event-id: 4711-9\r\n");
  EXPECT_EQ(std::get<sse::start_after>(stream.start).position, 9u);
}

TEST_F(StreamEvents, AnIdThatIsNoneIsAGapAndNotAnError) {
  start();
  const auto stream = ask_for("/events", "Last-Event-ID: garbage\r\n");
  EXPECT_EQ(sse::text_of(stream.start), "garbage");
}

TEST_F(StreamEvents, BadParametersAreRefusedBeforeTheStreamBegins) {
  start();
  for (const auto* target : {"/events?topic=nope", "/events?type=%0a", "/events?on_gap=maybe", "/events?from=nonsense",
                             "/events?lastEventId=1-1&lastEventId=1-2"})
    EXPECT_EQ(status_of(target), 400) << target;
  EXPECT_EQ(status_of("/events", "Last-Event-ID: 1-1\r\nLast-Event-ID: 1-2\r\n"), 400);
  EXPECT_EQ(status_of("/events", "Accept: image/png\r\n"), 406);
  EXPECT_EQ(door.permits(), 0);
  EXPECT_TRUE(door.idle());
}

TEST_F(StreamEvents, HeadIsAnsweredAndNotHeld) {
  start();
  auto client = connect();
  const auto answer = client.ask("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_FALSE(answer.has("Content-Length"));
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
  EXPECT_EQ(door.permits(), 0);
}

TEST_F(StreamEvents, ARefusedAdmissionIsAnAnswer) {
  start();
  door.plays({.admission = errc::too_many_streams});
  EXPECT_EQ(status_of("/events"), 503);
  door.plays({.admission = errc::too_many_streams_from_address});
  EXPECT_EQ(status_of("/events"), 429);
}

TEST_F(StreamEvents, OnGapFailAsksFirst) {
  start();
  door.plays({.start = result<bool>(errc::history_gone)});
  EXPECT_EQ(status_of("/events?on_gap=fail", "Last-Event-ID: 1-1\r\n"), 410);
  EXPECT_EQ(status_of("/events?on_gap=fail&lastEventId=x"), 410);
  EXPECT_EQ(door.permits(), 0);
  door.plays({});
  client_.emplace(connect());
  client_->send(get("/events?on_gap=fail", "Last-Event-ID: 1-1\r\n"));
  auto check = door.next_start_check();
  EXPECT_EQ(door.permits(), 1);  // looking for the start counts as a stream
  check(true);
  EXPECT_EQ(door.next_stream().on_gap, gap_policy::fail);
}

TEST_F(StreamEvents, TheSocketIsTheRelaysFromThenOn) {
  start();
  auto stream = ask_for("/events");
  EXPECT_TRUE(comes_true([this] { return counted.connections_open == 0; }));
  iovec hello{const_cast<char*>("hello"), 5};
  EXPECT_EQ(stream.stream->try_write({&hello, 1}), 5u);
  EXPECT_EQ(client_->read_exactly(5), "hello");
  stream.stream->close(client_stream::ending::orderly);
  EXPECT_EQ(client_->read_to_end(), "");
}

TEST_F(StreamEvents, PagesOfListedOriginsMayRead) {
  configuration.http.cors_origins = {"https://a.example"};
  start();
  const auto stream = ask_for("/events", "Origin: https://a.example\r\n");
  EXPECT_THAT(head_, HasSubstr("\r\nAccess-Control-Allow-Origin: https://a.example\r\n"));
}

TEST_F(StreamEvents, AStreamThatTheRelayDropsIsReset) {
  start();
  { const auto dropped = ask_for("/events"); }
  EXPECT_THROW(client_->read_to_end(), std::system_error);
  EXPECT_EQ(door.permits(), 0);
}

}  // namespace
}  // namespace event_relay::test
