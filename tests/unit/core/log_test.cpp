#include "event_relay/core/log.hpp"

#include "event_relay/core/log_line.hpp"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <memory>
#include <sstream>

namespace event_relay {
namespace {

using fields = std::vector<log::field>;

constexpr log::time_point noon{std::chrono::milliseconds{1'714'564'800'045}};

std::string text(std::string_view message, const fields& with = {}) {
  const auto line = log::text_line(noon, log::level::info, message, with);
  const std::string_view start = "2024-05-01T12:00:00.045Z info ";
  EXPECT_TRUE(line.starts_with(start)) << line;
  return line.substr(start.size());
}

nlohmann::json json(std::string_view message, const fields& with = {}) {
  return nlohmann::json::parse(log::json_line(noon, log::level::info, message, with));
}

TEST(LogLine, TextShowsTheMessageAndPairs) {
  EXPECT_EQ(text("listening", {{"address", "127.0.0.1"}, {"port", std::uint16_t{40'123}}}),
            "listening address=127.0.0.1 port=40123");
  EXPECT_EQ(text("numbers", {{"a", -1}, {"b", 2.5}, {"c", true}, {"d", std::numeric_limits<std::uint64_t>::max()}}),
            "numbers a=-1 b=2.5 c=true d=18446744073709551615");
}

TEST(LogLine, TextQuotesWhatIsNotOneWord) {
  EXPECT_EQ(text("m", {{"k", ""}}), R"(m k="")");
  EXPECT_EQ(text("m", {{"k", "two words"}}), R"(m k="two words")");
  EXPECT_EQ(text("m", {{"k", "a=b"}}), R"(m k="a=b")");
  EXPECT_EQ(text("m", {{"k", R"(say "hi" \o/)"}}), R"(m k="say \"hi\" \\o/")");
  EXPECT_EQ(text("m", {{"k", "gr\xc3\xbc\xc3\x9f"}}), "m k=\"gr\xc3\xbc\xc3\x9f\"");
}

TEST(LogLine, TextLetsNobodyForgeALineOrDriveTheTerminal) {
  EXPECT_EQ(text("m", {{"k", "x\n2024-05-01T12:00:00.045Z error forged"}}),
            R"(m k="x\n2024-05-01T12:00:00.045Z error forged")");
  EXPECT_EQ(text("m", {{"k", std::string_view{"\r\t\0\x1b[2J\x7f", 8}}}), R"(m k="\r\t\x00\x1b[2J\x7f")");
  EXPECT_EQ(text("m", {{"k", "\xc2\x9b\x32J"}}), R"(m k="\u009b2J")");
  EXPECT_EQ(text("m", {{"k",
                        "a\xe2\x80\xa8"
                        "b\xe2\x80\xae"
                        "c\xe2\x80\x93"
                        "d"}}),
            "m k=\"a\\u2028b\\u202ec\xe2\x80\x93"
            "d\"");
  EXPECT_EQ(text("m", {{"k", "\xff\xc2"}}), R"(m k="\xff\xc2")");
  EXPECT_EQ(text("two\nlines", {}), R"(two\nlines)");
}

TEST(LogLine, JsonKeepsTypesAndOrder) {
  EXPECT_EQ(log::json_line(noon, log::level::warn, "listening", fields{{"address", "::1"}, {"port", 40'123}}),
            R"({"time":"2024-05-01T12:00:00.045Z","level":"warn","message":"listening","address":"::1","port":40123})");
  const auto object =
      json("m", {{"a", -1}, {"b", 2.5}, {"c", false}, {"d", std::numeric_limits<std::uint64_t>::max()}});
  EXPECT_EQ(object["a"], -1);
  EXPECT_EQ(object["b"], 2.5);
  EXPECT_EQ(object["c"], false);
  EXPECT_EQ(object["d"], std::numeric_limits<std::uint64_t>::max());
}

TEST(LogLine, JsonIsOneValidLineWhateverTheValue) {
  const auto line =
      log::json_line(noon, log::level::info, "m\n", fields{{"k", "\"}\n\xff\x1b"}, {"nan", std::nan("")}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto object = nlohmann::json::parse(line);
  EXPECT_EQ(object["k"], "\"}\n\xef\xbf\xbd\x1b");
  EXPECT_TRUE(object["nan"].is_null());
}

TEST(LogLine, JsonFieldsCannotReplaceTimeLevelOrMessage) {
  const auto object = json("m", {{"level", "debug"}, {"message", "x"}, {"time", 0}, {"k", 1}});
  EXPECT_EQ(object["level"], "info");
  EXPECT_EQ(object["message"], "m");
  EXPECT_EQ(object["time"], "2024-05-01T12:00:00.045Z");
  EXPECT_EQ(object["k"], 1);
}

TEST(LogLine, AFieldTakesEveryKindOfTextAndNumber) {
  const std::string owned = "owned";
  EXPECT_EQ(text("m", {{"a", owned}, {"b", std::string_view{"view"}}, {"c", 'x' == 'x'}, {"d", std::size_t{3}}}),
            "m a=owned b=view c=true d=3");
  static_assert(!std::is_constructible_v<log::field_value, const int*>, "a pointer must not become a bool");
}

// Sends the log to a string, and puts everything back.
class LogFacade : public testing::Test {
 protected:
  LogFacade() {
    auto logger = std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(written_));
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
  }
  ~LogFacade() override {
    log::configure(log::level::off, log::format::text);
    spdlog::set_default_logger(before_);
  }

  std::string written() const { return written_.str(); }

 private:
  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream written_;
};

TEST_F(LogFacade, IsSilentUntilConfigured) {
  log::error("nobody listens");
  EXPECT_EQ(written(), "");
  EXPECT_FALSE(log::enabled(log::level::error));
}

TEST_F(LogFacade, WritesFromItsLevelUp) {
  log::configure(log::level::info, log::format::text);
  log::trace("one");
  log::debug("two");
  log::info("three", {{"n", 3}});
  log::warn("four");
  log::error("five {} %s");
  const auto text = written();
  EXPECT_EQ(text.find("two"), std::string::npos);
  EXPECT_NE(text.find("Z info three n=3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Z warn four\n"), std::string::npos) << text;
  EXPECT_NE(text.find("Z error five {} %s\n"), std::string::npos) << text;
}

TEST_F(LogFacade, WritesJsonLines) {
  log::configure(log::level::debug, log::format::json);
  log::debug("opened", {{"epoch", 4'711}});
  const auto object = nlohmann::json::parse(written());
  EXPECT_EQ(object["level"], "debug");
  EXPECT_EQ(object["epoch"], 4'711);
}

}  // namespace
}  // namespace event_relay
