#include "event_relay/http/problem.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>

namespace event_relay::http {
namespace {

using boost::beast::http::field;
using boost::beast::http::status;

class EveryProblem : public testing::TestWithParam<int> {
 protected:
  errc code() const { return static_cast<errc>(GetParam()); }
};

TEST_P(EveryProblem, HasAStatusANameAndAText) {
  const auto number = static_cast<unsigned>(status_of(code()));
  EXPECT_GE(number, 400u);
  EXPECT_LT(number, 600u);
  EXPECT_EQ(status_of(code()) == status::internal_server_error, code() == errc::internal);
  EXPECT_STRNE(name_of(code()), "unknown");
  EXPECT_NE(make_error_code(code()).message(), "unknown error");
}

TEST_P(EveryProblem, IsAnsweredAsRfc9457HasIt) {
  const auto answer = to_response(code());
  EXPECT_EQ(answer.result(), status_of(code()));
  EXPECT_EQ(answer[field::content_type], "application/problem+json");
  const auto body = nlohmann::json::parse(answer.body());
  EXPECT_EQ(body.at("type"), std::string("urn:event-relay:problem:") + name_of(code()));
  EXPECT_EQ(body.at("status"), answer.result_int());
  EXPECT_FALSE(body.at("title").get<std::string>().empty());
  EXPECT_FALSE(body.at("detail").get<std::string>().empty());
  EXPECT_FALSE(body.contains("field"));
  EXPECT_FALSE(body.contains("limit"));
}

TEST_P(EveryProblem, SaysWhenToComeBackIfItPasses) {
  const auto answer = to_response(code());
  const bool passes =
      answer.result() == status::service_unavailable || answer.result() == status::too_many_requests;
  EXPECT_EQ(answer.find(field::retry_after) != answer.end(), passes);
}

INSTANTIATE_TEST_SUITE_P(Errc, EveryProblem, testing::Range(1, errc_count),
                         [](const auto& tested) { return name_of(static_cast<errc>(tested.param)); });

TEST(Problem, NamesAreDifferent) {
  std::set<std::string> names;
  for (int code = 1; code < errc_count; ++code) names.insert(name_of(static_cast<errc>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(errc_count - 1));
}

TEST(Problem, NamesTheFieldAndTheLimit) {
  const auto answer = to_response({errc::data_too_large, "body", 1024});
  EXPECT_EQ(answer.result_int(), 413u);
  const auto body = nlohmann::json::parse(answer.body());
  EXPECT_EQ(body.at("field"), "body");
  EXPECT_EQ(body.at("limit"), 1024);
}

TEST(Problem, AFieldThatIsNotUtf8IsStillJson) {
  const auto answer = to_response({errc::bad_parameter, "\xff\"\n"});
  EXPECT_TRUE(nlohmann::json::accept(answer.body())) << answer.body();
}

TEST(Problem, AllowsAreTold) {
  problem wrong(errc::method_not_allowed);
  wrong.allow = "GET, HEAD, OPTIONS";
  EXPECT_EQ(to_response(wrong)[field::allow], "GET, HEAD, OPTIONS");
}

TEST(Problem, AMediaTypeThatIsNotTakenTellsWhichAre) {
  EXPECT_NE(to_response(errc::unsupported_media_type)["Accept-Post"].find("application/json"),
            boost::beast::string_view::npos);
}

TEST(Problem, StatusesThatClientsActOn) {
  EXPECT_EQ(status_of(errc::header_timeout), status::request_timeout);
  EXPECT_EQ(status_of(errc::history_gone), status::gone);
  EXPECT_EQ(status_of(errc::unsupported_version), status::http_version_not_supported);
  EXPECT_EQ(status_of(errc::header_too_large), status::request_header_fields_too_large);
  EXPECT_EQ(status_of(errc::target_too_long), status::uri_too_long);
  EXPECT_EQ(status_of(errc::too_many_streams_from_address), status::too_many_requests);
  EXPECT_EQ(status_of(errc::too_many_connections), status::service_unavailable);
  EXPECT_EQ(status_of(errc::idempotency_key_reused), status::unprocessable_entity);
}

TEST(Problem, NamesTheRequestThatItIsAbout) {
  const auto body = nlohmann::json::parse(to_response(errc::no_such_path, "order-17").body());
  EXPECT_EQ(body.at("instance"), "urn:event-relay:request:order-17");
  EXPECT_FALSE(nlohmann::json::parse(to_response(errc::no_such_path).body()).contains("instance"));
}

}  // namespace
}  // namespace event_relay::http
