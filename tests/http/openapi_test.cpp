#include "event_relay/http/endpoint.hpp"
#include "http/http_fixture.hpp"

#include <nlohmann/json.hpp>

#include <set>

namespace event_relay::test {
namespace {

using nlohmann::json;
using names = std::set<std::string>;

constexpr std::string_view prefix = "urn:event-relay:problem:";

class OpenApi : public http_fixture {
 protected:
  OpenApi() {
    start();
    answer = connect().ask(get("/openapi.json"));
    document = json::parse(answer.body);
  }

  /// What is there, or what it refers to.
  const json& at(const json& place) const {
    return place.contains("$ref") ? document.at(json::json_pointer(place["$ref"].get<std::string>().substr(1))) : place;
  }

  /// The names of the problems that a response may have.
  static names problems_of(const json& response) {
    names found;
    const auto pointer = json::json_pointer("/content/application~1problem+json/schema/properties/type");
    if (!response.contains(pointer)) return found;
    const auto& type = response.at(pointer);
    for (const auto& each : type.contains("const") ? json::array({type["const"]}) : type["enum"])
      found.insert(each.get<std::string>().substr(prefix.size()));
    return found;
  }

  http_answer answer;
  json document;
};

names words_of(std::string_view list) {
  names found;
  for (std::size_t end = 0; !list.empty(); list.remove_prefix(std::min(end + 2, list.size()))) {
    end = std::min(list.find(", "), list.size());
    found.emplace(list.substr(0, end));
  }
  return found;
}

TEST_F(OpenApi, IsServedAsJson) {
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.body.find("@PROJECT_VERSION@"), std::string::npos);
}

TEST_F(OpenApi, HasTheEndpointsOfTheRouterAndNoOthers) {
  names served, described;
  for (const auto& row : http::endpoints())
    for (const auto& method : words_of(row.allow)) served.insert(method + ' ' + std::string(row.path));
  for (const auto& [path, item] : document["paths"].items()) {
    described.insert("OPTIONS " + path);  // what the document says of all
    for (const auto& [key, operation] : item.items()) {
      if (!operation.is_object()) continue;  // the parameters that its operations have in common
      std::string method;
      for (const char c : key) method += static_cast<char>(std::toupper(c));
      described.insert(method + ' ' + path);
      if (method == "GET") described.insert("HEAD " + path);
    }
  }
  EXPECT_EQ(described, served);
}

TEST_F(OpenApi, EveryProblemIsUnderItsStatus) {
  names described;
  for (const auto& item : document["paths"])
    for (const auto& operation : item) {
      if (!operation.is_object()) continue;
      for (const auto& [status, response] : operation["responses"].items())
        for (const auto& name : problems_of(at(response))) {
          described.insert(name);
          for (int i = 1; i < errc_count; ++i) {
            const auto code = static_cast<errc>(i);
            if (name_of(code) != name || status == "default") continue;
            EXPECT_EQ(status, std::to_string(static_cast<unsigned>(http::status_of(code)))) << name;
          }
        }
    }
  names known;
  for (int i = 1; i < errc_count; ++i) known.insert(name_of(static_cast<errc>(i)));
  known.erase(name_of(errc::bad_topic));  // of the configuration: a request has a topic that is on the list, or none
  EXPECT_EQ(described, known);
}

}  // namespace
}  // namespace event_relay::test
