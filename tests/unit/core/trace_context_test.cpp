#include "event_relay/core/trace_context.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace event_relay {
namespace {

const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

std::optional<trace_context> read(const std::string& parent, std::vector<std::string> states = {}) {
  return read_trace_context(std::vector<std::string>{parent}, states);
}

std::string state_of(std::vector<std::string> states) {
  return read(good, std::move(states)).value().state;
}

TEST(TraceContext, IsTakenAsItIs) {
  const auto trace = read(good, {"rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"});
  EXPECT_EQ(trace.value().parent, good);
  EXPECT_EQ(trace->trace_id(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace->state, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  EXPECT_EQ(read(" " + good + "\t").value().parent, good);
}

TEST(TraceContext, ThatIsMalformedIsNone) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736", span = "00f067aa0ba902b7";
  for (const auto& text :
       {std::string(), std::string("00"), good.substr(0, 54), good + "0", good + "-00",
        "ff-" + trace + "-" + span + "-01", "0g-" + trace + "-" + span + "-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + span + "-01", "00-" + std::string(32, '0') + "-" + span + "-01",
        "00-" + trace + "-" + std::string(16, '0') + "-01", "00-" + trace + "-" + span + "-0x",
        "00_" + trace + "-" + span + "-01", "00-" + trace + "_" + span + "-01", "00-" + trace + "-" + span + "_01",
        "01-" + trace + "-" + span + "-01.more"})
    EXPECT_FALSE(read(text)) << text;
}

TEST(TraceContext, OfTwoIsNone) {
  EXPECT_FALSE(read_trace_context(std::vector<std::string>{good, good}, {}));
  EXPECT_FALSE(read_trace_context({}, std::vector<std::string>{"a=1"}));
}

TEST(TraceContext, OfALaterVersionIsWhatThisOneKnows) {
  const auto body = good.substr(2, 51);
  EXPECT_EQ(read("01" + body + "03").value().parent, "00" + body + "01");
  EXPECT_EQ(read("cc" + body + "fe-what-the-future-will-be-like").value().parent, "00" + body + "00");
}

TEST(TraceState, OfSeveralHeadersIsOne) {
  EXPECT_EQ(state_of({"a=1", "b=2,c=3"}), "a=1,b=2,c=3");
  EXPECT_EQ(state_of({"a=1 , ,b=2\t,", ""}), "a=1,b=2");
  EXPECT_EQ(state_of({""}), "");
  EXPECT_EQ(state_of({}), "");
}

TEST(TraceState, KeepsToItsGrammar) {
  const auto many = [](std::size_t count, char c) { return std::string(count, c); };
  for (const auto& state : std::vector<std::string>{"a=1", "a_-*/9=b c", "fw529a3039@dt=x", "0t@s=!\"~",
                                                    "a=" + many(256, 'v'), many(256, 'k') + "=1"})
    EXPECT_EQ(state_of({state}), state);
  for (const auto& state :
       std::vector<std::string>{"a", "=1", "a=", "A=1", "0a=1", "a=1=2", "a b=1", "a@=1", "@b=1", "a@b@c=1", "a@0=1",
                                "a=\x7f", "a=\xc3\xa9", "a=1,a=2", "a=" + many(257, 'v'), many(257, 'k') + "=1",
                                many(242, 't') + "@s=1", "t@" + many(15, 's') + "=1"})
    EXPECT_EQ(state_of({state}), "") << state;
}

TEST(TraceState, HasNotMoreThan32Members) {
  std::string state;
  for (int i = 0; i < 32; ++i) state += (i ? ",k" : "k") + std::to_string(i) + "=1";
  EXPECT_EQ(state_of({state}), state);
  EXPECT_EQ(state_of({state + ",one=more"}), "");
}

TEST(TraceState, IsCutTo512Characters) {
  const auto longer = "long=" + std::string(200, 'x');
  std::string rest;
  for (int i = 0; i < 10; ++i) rest += (i ? ",k" : "k") + std::to_string(i) + "=" + std::string(40, 'v');
  EXPECT_EQ(state_of({longer + "," + rest}), rest) << "long members go first";
  std::string many;
  for (int i = 0; i < 20; ++i) many += (i ? ",k" : "k") + std::to_string(10 + i) + "=" + std::string(40, 'v');
  const auto kept = state_of({many});
  EXPECT_LE(kept.size(), 512u);
  EXPECT_GT(kept.size(), 460u);
  EXPECT_TRUE(many.starts_with(kept + ",")) << "then those at the end, which are the oldest";
}

TEST(TraceAttributes, AreAddedToOthersOrAlone) {
  const trace_context trace{good, "a=\"1\\"};
  EXPECT_EQ(with_trace("", {good, ""}), R"({"traceparent":")" + good + R"("})");
  EXPECT_EQ(with_trace("{}", {good, ""}), R"({"traceparent":")" + good + R"("})");
  EXPECT_EQ(with_trace(R"({"id":"}"})", trace), R"({"id":"}","traceparent":")" + good + R"(","tracestate":"a=\"1\\"})");
}

TEST(TraceAttributes, ThatAnEventBringsItselfStay) {
  for (const std::string own : {R"({"id":"1","traceparent":"theirs"})", R"({"tracestate":"a=1"})"})
    EXPECT_EQ(with_trace(own, {good, "b=2"}), own);
}

}  // namespace
}  // namespace event_relay
