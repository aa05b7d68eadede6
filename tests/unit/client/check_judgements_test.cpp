#include "event_relay/client/check_judgements.hpp"

#include <gtest/gtest.h>

namespace event_relay::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

http_response answer(int status, std::string body = {}, http_headers headers = {}) {
  return {{"HTTP/1.1", status, std::move(headers)}, std::move(body)};
}

http_response problem(int status, const std::string& reason) {
  return answer(status, R"({"type":"urn:event-relay:problem:)" + reason + R"(","detail":"why"})",
                {{"Content-Type", "application/problem+json"}});
}

void expect(const finding& found, verdict is, const std::string& part) {
  EXPECT_EQ(found.is, is) << found.seen;
  EXPECT_NE((found.seen + "\n" + found.advice).find(part), std::string::npos) << found.seen << "\n" << found.advice;
}

TEST(CheckJudgements, OfHealthNameWhoAnswers) {
  expect(judge_health(answer(200, R"({"status":"ok"})", {{"server", "nginx"}, {"Via", "1.1 box"}}), milliseconds(3)),
         verdict::pass, "HTTP/1.1 200 after 3 ms, Server nginx, Via 1.1 box");
  expect(judge_health(answer(200, "<html>"), milliseconds(3)), verdict::fail, "does not look like a relay");
  expect(judge_health(answer(502), milliseconds(3)), verdict::fail, "does not reach the relay");
  expect(judge_health(answer(301), milliseconds(3)), verdict::fail, "redirects");
}

TEST(CheckJudgements, OfReadiness) {
  expect(judge_readiness(answer(200)), verdict::pass, "can publish");
  expect(judge_readiness(answer(503, R"({"status":"not ready"})")), verdict::fail, "503: not ready");
}

TEST(CheckJudgements, OfATokenTellALostHeaderFromAWrongToken) {
  const auto refused = problem(401, "no_token");
  expect(judge_authorization(answer(200), refused), verdict::pass, "401");
  expect(judge_authorization(answer(200), answer(200)), verdict::warn, "without the token");
  expect(judge_authorization(refused, refused), verdict::fail, "takes the header Authorization away");
  expect(judge_authorization(problem(401, "unknown_token"), refused), verdict::fail, "does not know");
  expect(judge_authorization(problem(403, "token_not_allowed"), refused), verdict::fail, "may publish but not read");
}

TEST(CheckJudgements, OfTheFirstByte) {
  expect(judge_first_byte(milliseconds(5)), verdict::pass, "5 ms");
  expect(judge_first_byte(milliseconds(5'000)), verdict::warn, "5000 ms");
  expect(judge_first_byte(std::nullopt), verdict::fail, "proxy_buffering off");
}

http_head stream_head(http_headers changed) {
  http_headers headers = std::move(changed);
  headers.insert(headers.end(), {{"Content-Type", "text/event-stream; charset=utf-8"},
                                 {"Cache-Control", "no-cache, no-store, no-transform"}});
  return {"HTTP/1.1", 200, std::move(headers)};
}

TEST(CheckJudgements, OfAStreamsHead) {
  expect(judge_stream_head(stream_head({})), verdict::pass, "are the relay's");
  expect(judge_stream_head(stream_head({{"Content-Encoding", "gzip"}})), verdict::fail, "gzip off");
  expect(judge_stream_head(stream_head({{"Content-Length", "17"}})), verdict::fail, "Content-Length, 17");
  expect(judge_stream_head(stream_head({{"content-type", "text/plain"}})), verdict::fail, "text/plain");
  expect(judge_stream_head(stream_head({{"content-type", "text/event-stream"}})), verdict::warn, "charset");
  expect(judge_stream_head(stream_head({{"cache-control", "no-cache"}})), verdict::warn, "no-transform");
}

TEST(CheckJudgements, OfArrivalsTellSlowFromHeldBack) {
  const arrival quick{milliseconds(3), true};
  const arrival slow{milliseconds(1'500), true};
  const arrival late{milliseconds(3'100), false};
  const arrival never{};
  expect(judge_arrivals({quick, quick, quick}), verdict::pass, "3 events, the slowest 3 ms");
  expect(judge_arrivals({quick, {milliseconds(211), true}}), verdict::pass, "http-no-delay");
  expect(judge_arrivals({quick, slow, quick}), verdict::warn, "1500 ms");
  expect(judge_arrivals({late, late, quick}), verdict::fail, "3 of 3 came");
  expect(judge_arrivals({never, never, quick}), verdict::fail, "1 of 3 came");
  expect(judge_arrivals({never, never, never}), verdict::fail, "none came");
}

TEST(CheckJudgements, OfAResume) {
  expect(judge_resume({"2", "3"}, {"2", "3"}, false), verdict::pass, "2 events");
  expect(judge_resume({"2", "3"}, {}, true), verdict::fail, "?lastEventId= instead");
  expect(judge_resume({"2", "3"}, {}, false), verdict::fail, "does not help either");
  expect(judge_resume({"2", "3"}, {"1", "2"}, true), verdict::fail, "cached");
}

TEST(CheckJudgements, OfARepetition) {
  const auto stored = answer(201, R"({"id":"7-1","duplicate":false})");
  expect(judge_repetition(stored, answer(200, R"({"id":"7-1","duplicate":true})")), verdict::pass, "stored once");
  expect(judge_repetition(stored, answer(201, R"({"id":"7-2","duplicate":false})")), verdict::fail, "Idempotency-Key");
  expect(judge_repetition(stored, problem(503, "journal_full")), verdict::fail, "503 journal_full");
}

TEST(CheckJudgements, OfRefusals) {
  expect(judge_problem(problem(404, "event_not_found")), verdict::pass, "as the relay wrote them");
  expect(judge_problem(answer(404, "<html>", {{"Content-Type", "text/html"}})), verdict::fail,
         "proxy_intercept_errors");
  expect(judge_problem(answer(200, "<html>")), verdict::fail, "came 200 with no Content-Type");
}

TEST(CheckJudgements, OfOrigins) {
  const http_head with{"HTTP/1.1", 200, {{"Access-Control-Allow-Origin", "https://app.example"}}};
  const http_head without{"HTTP/1.1", 200, {}};
  expect(judge_cors(with, with, "https://app.example"), verdict::pass, "https://app.example");
  expect(judge_cors(without, with, "https://app.example"), verdict::fail, "the preflight allows no origin");
  expect(judge_cors(with, without, "https://app.example"), verdict::fail, "an answer allows no origin");
  expect(judge_cors(with, with, "https://other.example"), verdict::fail, "allows https://app.example");
}

TEST(CheckJudgements, OfAnIdleStream) {
  idle_stream good{seconds(65), seconds(15), seconds(65), 4, {}, true};
  expect(judge_idle(good), verdict::pass, "4 heartbeats");
  auto cut = good;
  cut.ended = "the connection was lost";
  cut.held = seconds(30);
  expect(judge_idle(cut), verdict::fail, "whole responses");
  cut.heartbeats = 0;
  expect(judge_idle(cut), verdict::fail, "proxy_read_timeout");
  auto mute = good;
  mute.heartbeats = 0;
  expect(judge_idle(mute), verdict::fail, "no heartbeat came in 65 s");
  mute.wanted = mute.held = seconds(20);  // too short to expect one
  expect(judge_idle(mute), verdict::pass, "0 heartbeats");
  auto dead = good;
  dead.event_came = false;
  expect(judge_idle(dead), verdict::fail, "NAT");
}

}  // namespace
}  // namespace event_relay::client
