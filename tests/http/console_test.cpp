#include "http/http_fixture.hpp"

#include <gmock/gmock.h>

#include <regex>

namespace event_relay::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class Console : public http_fixture {
 protected:
  http_answer shown(std::string_view target, std::string_view more_headers = {}) {
    if (!server) start();
    return connect().ask(get(target, more_headers));
  }
  int status_with_copy(const std::string& tags) { return shown("/", "If-None-Match: " + tags + "\r\n").status; }
};

TEST_F(Console, IsAPageAndWhatItRefersTo) {
  const auto page = shown("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_THAT(page.body, StartsWith("<!doctype html>"));
  const std::regex reference("(?:src|href)=\"(console/[^\"]+)\"");
  int found = 0;
  for (std::sregex_iterator at(page.body.begin(), page.body.end(), reference), end; at != end; ++at, ++found)
    EXPECT_EQ(shown("/" + (*at)[1].str()).status, 200) << (*at)[1];
  EXPECT_GE(found, 3);
}

TEST_F(Console, EachKindOfFileHasItsMediaType) {
  EXPECT_EQ(shown("/console/app.js").header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(shown("/console/style.css").header("Content-Type"), "text/css; charset=utf-8");
  EXPECT_EQ(shown("/console/icon.svg").header("Content-Type"), "image/svg+xml");
}

TEST_F(Console, EveryModuleIsThere) {
  const std::regex import("from \"\\./([a-z_]+\\.js)\"");
  const auto app = shown("/console/app.js").body;
  for (std::sregex_iterator at(app.begin(), app.end(), import), end; at != end; ++at) {
    const auto module = shown("/console/" + (*at)[1].str());
    EXPECT_EQ(module.status, 200) << (*at)[1];
    for (std::sregex_iterator in(module.body.begin(), module.body.end(), import); in != end; ++in)
      EXPECT_EQ(shown("/console/" + (*in)[1].str()).status, 200) << (*in)[1];
  }
}

TEST_F(Console, RunsNothingThatIsNotItsOwn) {
  for (const auto* target : {"/", "/console/app.js", "/console/icon.svg"}) {
    const auto answer = shown(target);
    const std::string policy(answer.header("Content-Security-Policy"));
    EXPECT_THAT(policy, StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; ")) << target;
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, HasSubstr("require-trusted-types-for 'script'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.header("Cross-Origin-Opener-Policy"), "same-origin");
  }
}

TEST_F(Console, HasNothingInlineThatThePolicyWouldRefuse) {
  const auto page = shown("/").body;
  EXPECT_THAT(page, Not(HasSubstr("<style")));
  EXPECT_THAT(page, Not(HasSubstr("style=")));
  EXPECT_FALSE(std::regex_search(page, std::regex("<script(?![^>]* src=)|\\son[a-z]+=|https?://")));
}

TEST_F(Console, IsAskedForEachTimeAndSentWhenItHasChanged) {
  const auto page = shown("/");
  const std::string tag(page.header("ETag"));
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_TRUE(std::regex_match(tag, std::regex("\"[0-9a-f]{16}\""))) << tag;
  EXPECT_NE(tag, shown("/console/app.js").header("ETag"));
  for (const auto& copy : {tag, "W/" + tag, "\"other\" ,\t" + tag + " , \"more\"", std::string("*")})
    EXPECT_EQ(status_with_copy(copy), 304) << copy;
  for (const auto& copy : {std::string("\"other\""), tag.substr(1), std::string(), "W/W/" + tag})
    EXPECT_EQ(status_with_copy(copy), 200) << copy;
}

TEST_F(Console, ACopyThatIsGoodIsAnsweredWithoutABody) {
  start();
  auto client = connect();
  const auto answer = client.ask(get("/", "If-None-Match: *\r\n"));
  EXPECT_EQ(answer.status, 304);
  EXPECT_TRUE(answer.has("ETag"));
  EXPECT_EQ(answer.header("Cache-Control"), "no-cache");
  EXPECT_FALSE(answer.has("Content-Length"));
  EXPECT_FALSE(answer.has("Content-Type"));
  EXPECT_EQ(client.ask(get("/healthz")).status, 200);  // the next answer begins where that one ended
}

TEST_F(Console, HeadHasTheLengthOfThePage) {
  const auto page = shown("/");
  const auto head = connect().ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), std::to_string(page.body.size()));
  EXPECT_EQ(head.header("ETag"), page.header("ETag"));
}

TEST_F(Console, WhoeverAsksGetsThePage) {
  EXPECT_EQ(shown("/", "Accept: */*\r\n").status, 200);
  EXPECT_EQ(shown("/", "Accept: application/json\r\n").status, 200);
}

TEST_F(Console, OtherFilesAreNotThere) {
  for (const auto* target : {"/console/index.html", "/console/nothing.js", "/console/", "/console/app.js/", "/console/..%2fapp.js"})
    EXPECT_EQ(shown(target).status, 404) << target;
  EXPECT_EQ(connect().ask(post("/", "{}")).status, 405);
}

TEST_F(Console, IsNotThereWhenItIsSwitchedOff) {
  configuration.http.console = false;
  const auto answer = shown("/");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(shown("/console/app.js").status, 404);
}

}  // namespace
}  // namespace event_relay::test
