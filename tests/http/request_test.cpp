#include "http/made_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace event_relay::http {
namespace {

using test::made_header;
using test::made_request;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

std::vector<std::string> path_of(std::string_view target) {
  const auto header = made_header(target);
  const auto asked = made_request(header);
  return {asked.path().begin(), asked.path().end()};
}

std::vector<std::string> parameter_of(std::string_view target, std::string_view name) {
  const auto header = made_header(target);
  return made_request(header).parameter_values(name);
}

errc refusal_of(const request_header& header) {
  const auto read = request::read(header);
  const auto* wrong = std::get_if<problem>(&read);
  return wrong ? wrong->code : errc{};
}

TEST(Request, PathsAreTakenApartAndDecodedOnce) {
  EXPECT_THAT(path_of("/"), IsEmpty());
  EXPECT_THAT(path_of("/events"), ElementsAre("events"));
  EXPECT_THAT(path_of("/events/4711-42?x=/y"), ElementsAre("events", "4711-42"));
  EXPECT_THAT(path_of("/a%20b"), ElementsAre("a b"));
  EXPECT_THAT(path_of("/a%2Fb"), ElementsAre("a/b"));
  EXPECT_THAT(path_of("/a%2520b"), ElementsAre("a%20b"));
  EXPECT_THAT(path_of("/a+b"), ElementsAre("a+b"));
}

TEST(Request, ATrailingSlashIsAnotherPath) {
  EXPECT_THAT(path_of("/events/"), ElementsAre("events", ""));
  EXPECT_NE(path_of("//events"), path_of("/events"));
}

TEST(Request, TheAbsoluteFormIsTaken) {
  EXPECT_THAT(path_of("http://relay.example:8080/events?type=a"), ElementsAre("events"));
  EXPECT_THAT(parameter_of("http://relay.example/events?type=a", "type"), ElementsAre("a"));
}

TEST(Request, OtherTargetsAreRefused) {
  for (const auto* target : {"*", "events", "/a%2", "/a%zz", "/a b", "/a\"<>", "/a#b",
                             "/a\x7f", ""})
    EXPECT_EQ(refusal_of(made_header(target)), errc::malformed_request) << target;
}

TEST(Request, AnAbsoluteFormWithoutAHostIsRefused) {
  for (const auto* target : {"x:events", "x:/events", "http:/events", "http:///events"})
    EXPECT_EQ(refusal_of(made_header(target)), errc::malformed_request) << target;
}

TEST(Request, ParametersAreDecoded) {
  EXPECT_THAT(parameter_of("/events?type=a+b&type=c%2Bd&other=x", "type"), ElementsAre("a b", "c+d"));
  EXPECT_THAT(parameter_of("/events?type", "type"), ElementsAre(""));
  EXPECT_THAT(parameter_of("/events?type=", "type"), ElementsAre(""));
  EXPECT_THAT(parameter_of("/events?Last%2DEvent-ID=7", "Last-Event-ID"), ElementsAre("7"));
  EXPECT_THAT(parameter_of("/events?type=a=b", "type"), ElementsAre("a=b"));
  EXPECT_THAT(parameter_of("/events", "type"), IsEmpty());
}

TEST(Request, ListsMayBeRepeatedAndHaveCommas) {
  const auto header = made_header("/events?topic=a,b&x=1&topic=,c,,&topic=&topic=d%2Ce");
  EXPECT_THAT(made_request(header).parameter_list("topic"), ElementsAre("a", "b", "c", "d", "e"));
}

TEST(Request, HeadersAreFoundInAnyCase) {
  const auto header = made_header("/", {{"last-event-id", "1"}, {"LAST-EVENT-ID", "2"}, {"Accept", ""}});
  const auto asked = made_request(header);
  EXPECT_THAT(asked.header_values("Last-Event-ID"), ElementsAre("1", "2"));
  EXPECT_EQ(asked.header("Last-Event-ID"), "1");
  EXPECT_TRUE(asked.has_header("accept"));
  EXPECT_FALSE(asked.has_header("Origin"));
  EXPECT_EQ(asked.header("Origin"), "");
}

TEST(Request, HeadersAreFoundByTheirBeginning) {
  const auto header = made_header("/", {{"ce-id", "1"}, {"CE-Source", "/a"}, {"ce-", "x"}, {"ce", "y"},
                                        {"x-ce-id", "2"}, {"ce-id", "3"}});
  const auto asked = made_request(header);
  EXPECT_THAT(asked.headers_that_begin("ce-"), UnorderedElementsAre(Pair("ce-id", "1"), Pair("CE-Source", "/a"),
                                                                    Pair("ce-", "x"), Pair("ce-id", "3")));
  EXPECT_THAT(asked.headers_that_begin("traceparent"), IsEmpty());
}

TEST(Request, Http11NeedsOneHost) {
  auto header = made_header("/");
  EXPECT_EQ(refusal_of(header), errc{});
  header.insert("Host", "relay.example");
  EXPECT_EQ(refusal_of(header), errc::missing_host);
  header.erase("Host");
  EXPECT_EQ(refusal_of(header), errc::missing_host);
}

TEST(Request, Http10NeedsNone) {
  const auto header = made_header("/", {}, 10);
  EXPECT_TRUE(made_request(header).is_http_1_0());
  const auto newer = made_header("/");
  EXPECT_FALSE(made_request(newer).is_http_1_0());
}

}  // namespace
}  // namespace event_relay::http
