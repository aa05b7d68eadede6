#include "event_relay/app/logging.hpp"

#include "event_relay/core/log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace event_relay {
namespace {

TEST(Logging, WritesTextToStandardError) {
  testing::internal::CaptureStderr();
  {
    const logging on{{.level = "info", .format = log_format::text}};
    log::debug("unseen");
    log::info("listening", {{"address", "127.0.0.1"}, {"port", 40'123}});
  }
  log::error("after the end");
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(text.ends_with("Z info listening address=127.0.0.1 port=40123\n")) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
}

TEST(Logging, WritesJsonAtTheLevelAskedFor) {
  testing::internal::CaptureStderr();
  {
    const logging on{{.level = "error", .format = log_format::json}};
    log::warn("unseen");
    log::error("lost", {{"attempt", 2}});
  }
  const auto object = nlohmann::json::parse(testing::internal::GetCapturedStderr());
  EXPECT_EQ(object["level"], "error");
  EXPECT_EQ(object["message"], "lost");
  EXPECT_EQ(object["attempt"], 2);
}

TEST(Logging, TellsTheConfigurationWithoutPasswords) {
  config c;
  c.journal.url = "host=db password=geheim";
  testing::internal::CaptureStderr();
  {
    const logging on{{.level = "info", .format = log_format::json}};
    log_configuration(c);
  }
  const auto object = nlohmann::json::parse(testing::internal::GetCapturedStderr());
  EXPECT_EQ(object["message"], "configuration");
  EXPECT_EQ(object["journal.url"], "host=db password=***");
  EXPECT_EQ(object["stream.heartbeat"], "15s");
}

}  // namespace
}  // namespace event_relay
