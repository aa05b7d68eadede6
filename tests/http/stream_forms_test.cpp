#include "http/http_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <optional>

// In which form a stream is read, from where and how far: what the relay is told, and what the client.
namespace event_relay::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const timestamp noon = *parse_timestamp("2026-11-24T12:00:00Z");

class StreamForms : public http_fixture {
 protected:
  StreamForms() { start(); }

  stream_request ask_for(std::string_view target, std::string_view more_headers = {}) {
    door.plays({.start = result<bool>(true)});
    client_.emplace(connect());
    client_->send(get(target, more_headers));
    auto stream = door.next_stream();
    head_ = client_->read_head();
    return stream;
  }
  envelope accepted(std::string_view accept) {
    return ask_for("/events", "Accept: " + std::string(accept) + "\r\n").form.as;
  }
  http_answer head_of(std::string_view accept) const {
    auto client = connect();
    client.send("HEAD /events HTTP/1.1\r\nHost: a\r\nAccept: " + std::string(accept) + "\r\n\r\n");
    return client.read_answer(true);
  }
  void expect_refused(std::string_view query, std::string_view field, std::string_view accept = "*/*") const {
    const auto answer = connect().ask(get("/events?" + std::string(query), "Accept: " + std::string(accept) + "\r\n"));
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_EQ(nlohmann::json::parse(answer.body).at("field"), field) << query;
  }
  static position_t position_of(const sse::start_point& start) { return std::get<sse::start_after>(start).position; }

  std::optional<http_client> client_;
  std::string head_;
};

constexpr auto page = "Accept: application/json\r\n";

TEST_F(StreamForms, AreChosenByWhatIsAccepted) {
  EXPECT_EQ(accepted("text/event-stream"), envelope::event_stream);
  EXPECT_EQ(accepted("application/x-ndjson"), envelope::lines);
  EXPECT_EQ(accepted("application/json"), envelope::page);
  EXPECT_EQ(accepted("application/cloudevents-batch+json"), envelope::feed);
}

TEST_F(StreamForms, TheEventStreamIsForThoseWhoTakeAnything) {
  EXPECT_EQ(ask_for("/events").form.as, envelope::event_stream);
  for (const auto* accept : {"*/*", "text/*", "text/html, */*;q=0.1", "application/json;q=0.5, */*;q=0.5",
                             "application/json, text/event-stream", ""})
    EXPECT_EQ(accepted(accept), envelope::event_stream) << accept;
}

TEST_F(StreamForms, TheLikedBestIsChosen) {
  EXPECT_EQ(accepted("application/json, text/event-stream;q=0.9"), envelope::page);
  EXPECT_EQ(accepted("application/x-ndjson;q=0.5, application/json;q=0.501"), envelope::page);
  EXPECT_EQ(accepted("application/x-ndjson, application/json"), envelope::lines);
  EXPECT_EQ(accepted("text/event-stream;q=0, */*"), envelope::lines);
  EXPECT_EQ(accepted("application/*"), envelope::lines);
  EXPECT_EQ(accepted("application/json, */*;q=0.8"), envelope::page);
}

TEST_F(StreamForms, WhatNobodyTakesIsNotAcceptable) {
  for (const auto* accept : {"image/png", "text/html", "application/json;q=0", "*/*;q=0"})
    EXPECT_EQ(connect().ask(get("/events", "Accept: " + std::string(accept) + "\r\n")).status, 406) << accept;
}

TEST_F(StreamForms, HeadSaysWhichItWouldBe) {
  EXPECT_EQ(head_of("*/*").header("Content-Type"), "text/event-stream; charset=utf-8");
  EXPECT_EQ(head_of("application/x-ndjson").header("Content-Type"), "application/x-ndjson");
  EXPECT_EQ(head_of("application/json").header("Content-Type"), "application/json");
  EXPECT_EQ(head_of("application/cloudevents-batch+json").header("Content-Type"), "application/cloudevents-batch+json");
  EXPECT_EQ(head_of("application/json").header("Vary"), "Accept, Origin");
}

TEST_F(StreamForms, OnlyTheEventStreamHasAPreamble) {
  EXPECT_THAT(ask_for("/events").unsent, "");
  EXPECT_THAT(client_->read_some(), HasSubstr("retry: "));
  const auto lines = ask_for("/events", "Accept: application/x-ndjson\r\n");
  lines.stream->close(client_stream::ending::orderly);
  EXPECT_EQ(client_->read_to_end(), "");
}

TEST_F(StreamForms, AConnectionThatReadAPageIsClosed) {
  ask_for("/events", page);
  EXPECT_THAT(head_, HasSubstr("\r\nConnection: close\r\n"));
  ask_for("/events", "Accept: application/cloudevents-batch+json\r\n");
  EXPECT_THAT(head_, HasSubstr("\r\nConnection: close\r\n"));
  ask_for("/events?limit=1", "Accept: application/x-ndjson\r\n");
  EXPECT_THAT(head_, Not(HasSubstr("Connection: close")));
}

TEST_F(StreamForms, UnaskedThereAreNoBoundsAndNoWords) {
  const auto stream = ask_for("/events");
  EXPECT_FALSE(stream.form.is_bounded());
  EXPECT_FALSE(stream.form.cloud_events);
  EXPECT_FALSE(stream.form.tells_live);
  EXPECT_FALSE(stream.form.tells_cursor);
  EXPECT_TRUE(std::holds_alternative<sse::start_live>(stream.start));
}

TEST_F(StreamForms, APageHasWhatIsUsual) {
  const auto stream = ask_for("/events", page);
  EXPECT_EQ(stream.form.limit, 1'000u);
  EXPECT_EQ(stream.form.patience, 0ms);
  EXPECT_EQ(stream.on_gap, gap_policy::fail);
  EXPECT_TRUE(std::holds_alternative<sse::start_earliest>(stream.start));
  EXPECT_EQ(ask_for("/events?on_gap=live", page).on_gap, gap_policy::live);
}

TEST_F(StreamForms, ParametersAreRead) {
  const auto stream = ask_for("/events?limit=7&live=on&cursor=on&format=cloudevents&until=2026-11-24T12:00:00Z");
  EXPECT_EQ(stream.form.limit, 7u);
  EXPECT_EQ(stream.form.until, noon);
  EXPECT_TRUE(stream.form.tells_live);
  EXPECT_TRUE(stream.form.tells_cursor);
  EXPECT_TRUE(stream.form.cloud_events);
  const auto off = ask_for("/events?live=off&cursor=off&format=native");
  EXPECT_FALSE(off.form.tells_live || off.form.tells_cursor || off.form.cloud_events);
}

TEST_F(StreamForms, AFeedIsOfCloudEventsAnyway) {
  EXPECT_TRUE(ask_for("/events?format=native", "Accept: application/cloudevents-batch+json\r\n").form.cloud_events);
}

TEST_F(StreamForms, PatienceIsInMillisecondsOrSaysInWhat) {
  EXPECT_EQ(ask_for("/events?timeout=1500", page).form.patience, 1'500ms);
  EXPECT_EQ(ask_for("/events?timeout=20s", page).form.patience, 20s);
  EXPECT_EQ(ask_for("/events?timeout=5m", page).form.patience, 5min);
}

TEST_F(StreamForms, ATimeMayHaveAnOffsetThatNobodyEscaped) {
  EXPECT_EQ(ask_for("/events?until=2026-11-24T13:00:00+01:00").form.until, noon);
  EXPECT_EQ(ask_for("/events?until=2026-11-24T13:00:00%2B01:00").form.until, noon);
}

TEST_F(StreamForms, WhatIsWrongIsNamed) {
  expect_refused("limit=0", "limit");
  expect_refused("limit=x", "limit");
  expect_refused("limit=", "limit");
  expect_refused("limit=-1", "limit");
  expect_refused("limit=10001", "limit", "application/json");
  expect_refused("timeout=soon", "timeout");
  expect_refused("timeout=300001", "timeout");
  expect_refused("timeout=99999999999999999999", "timeout");
  expect_refused("format=xml", "format");
  expect_refused("since=yesterday", "since");
  expect_refused("until=2026", "until");
  expect_refused("live=yes", "live");
  expect_refused("cursor=1", "cursor");
  expect_refused("since=2026-01-01T00:00:00Z&from=earliest", "since");
  expect_refused("since=2026-01-01T00:00:00Z&after=1-1", "since");
  EXPECT_TRUE(door.idle());
}

TEST_F(StreamForms, ALargeLimitIsOnlyForStreams) { EXPECT_EQ(ask_for("/events?limit=1000000").form.limit, 1'000'000u); }

TEST_F(StreamForms, ATimeToStartAtIsLookedUp) {
  door.plays({.start = {}, .settled = settled_start{sse::start_after{4711, 5, "4711-5"}, 3}});
  client_.emplace(connect());
  client_->send(get("/events?since=2026-11-24T12:00:00Z&limit=9&type=a"));
  const auto stream = door.next_stream();
  EXPECT_EQ(position_of(stream.start), 5u);
  EXPECT_EQ(stream.form.limit, 3u);
  EXPECT_EQ(door.last_settled().since, noon);
  EXPECT_EQ(door.last_settled().limit, 9u);
  EXPECT_EQ(door.last_settled().wanted, stream.wanted);
  EXPECT_FALSE(door.last_settled().came_back);
}

TEST_F(StreamForms, WhoComesBackToABoundedStreamGoesOnWhereItWas) {
  const auto stream = ask_for("/events?after=4711-1&limit=9", "Last-Event-ID: 4711-5\r\n");
  EXPECT_EQ(position_of(stream.start), 5u);
  EXPECT_EQ(position_of(door.last_settled().named), 1u);
  EXPECT_EQ(position_of(*door.last_settled().came_back), 5u);
}

TEST_F(StreamForms, WhoHasHadEverythingNeedNotComeBack) {
  door.plays({.settled = settled_start{sse::start_live{}, 0, true}});
  auto client = connect();
  client.send(get("/events?from=earliest&limit=3", "Last-Event-ID: 4711-5\r\n"));
  const auto answer = client.read_answer(true);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Vary"), "Accept, Origin");
  EXPECT_FALSE(answer.has("Content-Type"));
  EXPECT_EQ(door.permits(), 0);
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);
}

TEST_F(StreamForms, AStreamWithoutBoundsIsNeverOver) {
  door.plays({.settled = settled_start{sse::start_live{}, {}, true}});
  client_.emplace(connect());
  client_->send(get("/events?from=earliest", "Last-Event-ID: 4711-5\r\n"));
  EXPECT_EQ(position_of(door.next_stream().start), 5u);
}

TEST_F(StreamForms, APageIsNeverOver) {
  door.plays({.start = result<bool>(true), .settled = settled_start{sse::start_live{}, {}, true}});
  client_.emplace(connect());
  client_->send(get("/events?limit=3", std::string(page) + "Last-Event-ID: 4711-5\r\n"));
  EXPECT_EQ(position_of(door.next_stream().start), 5u);
}

TEST_F(StreamForms, WhileTheJournalIsAwayNoStartIsLookedUp) {
  door.plays({.settled = result<settled_start>(errc::journal_unavailable)});
  EXPECT_EQ(connect().ask(get("/events?since=2026-11-24T12:00:00Z")).status, 503);
}

}  // namespace
}  // namespace event_relay::test
