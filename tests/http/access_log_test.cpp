#include "event_relay/http/access_log.hpp"

#include "event_relay/core/log.hpp"

#include <gtest/gtest.h>

namespace event_relay::http {
namespace {

class AccessLog : public testing::Test {
 protected:
  AccessLog() { log::configure(log::level::info, log::format::text); }
  ~AccessLog() override { log::configure(log::level::off, log::format::text); }
};

TEST(LoggableTarget, HasThePathAndWhatIsReadFromWhere) {
  EXPECT_EQ(loggable_target("/events"), "/events");
  EXPECT_EQ(loggable_target("/events?topic=a,b&from=earliest&lastEventId=7-5"),
            "/events?topic=a,b&from=earliest&lastEventId=7-5");
}

TEST(LoggableTarget, HidesWhatMayBeASecret) {
  EXPECT_EQ(loggable_target("/events?access_token=opensesame&topic=a"), "/events?***&topic=a");
  EXPECT_EQ(loggable_target("/events?topic=a&access%5Ftoken=opensesame"), "/events?topic=a&***");
  EXPECT_EQ(loggable_target("/events?opensesame"), "/events?***");
  EXPECT_EQ(loggable_target("/events?Topic=opensesame&&password=opensesame"), "/events?***&***");
  EXPECT_EQ(loggable_target("/events#access_token=opensesame"), "/events");
  EXPECT_EQ(loggable_target("/events?topic=a#access_token=opensesame"), "/events?topic=a");
}

TEST(LoggableTarget, OfAnAbsoluteFormIsThePathAlone) {
  EXPECT_EQ(loggable_target("http://user:opensesame@relay.test/events?topic=a"), "/events?topic=a");
  EXPECT_EQ(loggable_target("http://user:opensesame@relay.test"), "-");
  EXPECT_EQ(loggable_target("opensesame:443"), "-");
  EXPECT_EQ(loggable_target(""), "-");
}

TEST(LoggableTarget, IsCutWhereItIsLong) {
  const auto shown = loggable_target("/" + std::string(1'000, 'x'));
  EXPECT_EQ(shown, "/" + std::string(255, 'x') + "...");
}

TEST_F(AccessLog, HasTheLinesThatAreWanted) {
  for (const bool refused : {false, true}) {
    EXPECT_FALSE(is_logged(access_log::none, refused));
    EXPECT_EQ(is_logged(access_log::refused, refused), refused);
    EXPECT_TRUE(is_logged(access_log::all, refused));
  }
}

TEST_F(AccessLog, HasNoneBelowTheLevelOfTheLog) {
  log::configure(log::level::warn, log::format::text);
  EXPECT_FALSE(is_logged(access_log::all, false));
  EXPECT_FALSE(is_logged(access_log::refused, true));
}

}  // namespace
}  // namespace event_relay::http
