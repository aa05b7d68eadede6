#include "event_relay/core/cloud_event.hpp"

#include "event_relay/core/event_document.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace event_relay {
namespace {

using nlohmann::json;

std::string with(std::string_view members) {
  return R"({"specversion":"1.0","id":"1","source":"/them","type":"made")" + std::string(members) + "}";
}

new_event read(std::string_view text) {
  auto read = read_structured_cloud_event(text);
  if (const auto* wrong = std::get_if<cloud_event_error>(&read))
    throw std::runtime_error(std::string(name_of(wrong->reason)) + ": " + wrong->attribute);
  return std::get<new_event>(std::move(read));
}

/// Which attribute breaks a rule, and which rule if it is not one of CloudEvents.
std::string wrong_in(std::string_view text) {
  const auto read = read_structured_cloud_event(text);
  const auto* wrong = std::get_if<cloud_event_error>(&read);
  if (wrong == nullptr) return "nothing";
  return wrong->reason == errc::bad_cloud_event ? wrong->attribute
                                                : std::string(name_of(wrong->reason)) + ": " + wrong->attribute;
}

std::string key_of(std::string_view source, std::string_view id) {
  return read(json{{"specversion", "1.0"}, {"id", id}, {"source", source}, {"type", "made"}}.dump()).idempotency_key;
}

TEST(CloudEvent, BecomesAnEventAndItsAttributes) {
  const auto event = read(with(R"(,"subject":"a","data":{"n":1})"));
  EXPECT_EQ(event.type, "made");
  EXPECT_EQ(event.data, R"({"n":1})");
  EXPECT_EQ(event.attributes, R"({"id":"1","source":"/them","subject":"a"})");
  EXPECT_EQ(event.idempotency_key, "ce:/them 1");
}

TEST(CloudEvent, KeepsDataAndNumbersByteForByte) {
  const std::string data = R"({ "n":1.0e+02,"n":123456789012345678901234567890, "s":"\u00e9" })";
  const auto event = read(with(R"(,"number": -12 ,"flag":true,"text":"\u00e9","data" : )" + data + " "));
  EXPECT_EQ(event.data, data);
  EXPECT_EQ(event.attributes, R"({"id":"1","source":"/them","number":-12,"flag":true,"text":"\u00e9"})");
}

TEST(CloudEvent, NeedNotHaveData) {
  EXPECT_EQ(read(with("")).data, "");
  EXPECT_EQ(read(with(R"(,"data":null)")).data, "null");
  EXPECT_EQ(read(with(R"(,"data":"")")).data, R"("")");
}

TEST(CloudEvent, AttributesThatAreNullAreNotThere) {
  EXPECT_EQ(read(with(R"(,"subject":null,"time":null)")).attributes, R"({"id":"1","source":"/them"})");
}

TEST(CloudEvent, DataOfAnotherContentTypeIsTheStringsContent) {
  EXPECT_EQ(read(with(R"(,"datacontenttype":"text/csv","data":"a,b\n\u00e9")")).data, "a,b\n\xc3\xa9");
  EXPECT_EQ(wrong_in(with(R"(,"datacontenttype":"text/csv","data":{"a":1})")), "data");
  EXPECT_EQ(wrong_in(with(R"(,"datacontenttype":"text/csv","data":"a\u0000")")), "data_contains_nul: data");
}

TEST(CloudEvent, JsonIsJsonHoweverItsTypeIsWritten) {
  for (const auto* type : {"application/json", "application/json; charset=utf-8", "application/json;charset=utf-8",
                           "application/vnd.a+json", "text/json", "Application/JSON"})
    EXPECT_EQ(read(with(R"(,"data":"x","datacontenttype":")" + std::string(type) + '"')).data, R"("x")") << type;
}

TEST(CloudEvent, Base64IsKeptAndMarked) {
  for (const auto* data : {"", "AA==", "AAE=", "AAEC", "+/09"}) {
    const auto event = read(with(R"(,"data_base64":")" + std::string(data) + '"'));
    EXPECT_EQ(event.data, data);
    EXPECT_EQ(data_form_of(event.attributes), data_form::base64);
  }
  for (const auto* data : {"A", "AAA", "A===", "====", "AA=A", "A-_A", "AA A", "AAE=\\n"})
    EXPECT_EQ(wrong_in(with(R"(,"data_base64":")" + std::string(data) + '"')), "data_base64") << data;
  EXPECT_EQ(wrong_in(with(R"(,"data_base64":1)")), "data_base64");
  EXPECT_EQ(wrong_in(with(R"(,"data_base64":"AA==","data":1)")), "data_base64");
}

TEST(CloudEvent, IsGivenBackAsItCame) {
  for (const auto* members :
       {"", R"(,"data":{"n":1.0})", R"(,"data":"x","subject":"a")", R"(,"datacontenttype":"text/plain","data":"a\nb")",
        R"(,"data_base64":"AAE=","datacontenttype":"image/png")", R"(,"number":-5,"flag":false)"}) {
    const auto text = with(std::string(R"(,"time":"2026-01-01T00:00:00+01:00")") + members);
    const auto event = read(text);
    EXPECT_EQ(json::parse(cloud_event_document({"7-1", "loans", event.type, event.data, {}, event.attributes},
                                               cloud_event_id::of_author)),
              json::parse(text));
  }
}

TEST(CloudEvent, EveryBrokenRuleNamesItsAttribute) {
  const std::pair<std::string, std::string> rows[] = {
      {"[]", "body"}, {"1", "body"}, {"{}", "specversion"},
      {R"({"specversion":"0.3","id":"1","source":"/","type":"a"})", "specversion"},
      {R"({"specversion":1.0,"id":"1","source":"/","type":"a"})", "specversion"},
      {R"({"specversion":"1.0","source":"/","type":"a"})", "id"},
      {R"({"specversion":"1.0","id":"","source":"/","type":"a"})", "id"},
      {R"({"specversion":"1.0","id":1,"source":"/","type":"a"})", "id"},
      {R"({"specversion":"1.0","id":null,"source":"/","type":"a"})", "id"},
      {R"({"specversion":"1.0","id":"1","type":"a"})", "source"},
      {R"({"specversion":"1.0","id":"1","source":"a b","type":"a"})", "source"},
      {R"({"specversion":"1.0","id":"1","source":"%zz","type":"a"})", "source"},
      {R"({"specversion":"1.0","id":"1","source":"/"})", "type"},
      {R"({"specversion":"1.0","id":"1","source":"/","type":""})", "type"},
      {R"({"specversion":"1.0","id":"1","source":"/","type":"a\nb"})", "bad_event_type: type"},
      {R"({"specversion":"1.0","id":"1","source":"/","type":"relay.reset"})", "reserved_event_type: type"},
      {with(R"(,"id":"2")"), "id"},
      {with(R"(,"i\u0064":"2")"), "id"},
      {with(R"(,"data":1,"data":2)"), "data"},
      {with(R"(,"Subject":"a")"), "Subject"},
      {with(R"(,"sub_ject":"a")"), "sub_ject"},
      {with(R"(,"":"a")"), ""},
      {with(R"(,"subject":"")"), "subject"},
      {with(R"(,"subject":1)"), "subject"},
      {with(R"(,"dataschema":"")"), "dataschema"},
      {with(R"(,"datacontenttype":5)"), "datacontenttype"},
      {with(R"(,"time":"yesterday")"), "time"},
      {with(R"(,"time":5)"), "time"},
      {with(R"(,"extension":{"a":1})"), "extension"},
      {with(R"(,"extension":[1])"), "extension"},
      {with(R"(,"extension":1.5)"), "extension"},
      {with(R"(,"extension":1e3)"), "extension"},
      {with(R"(,"extension":2147483648)"), "extension"},
      {with(R"(,"extension":-2147483649)"), "extension"},
      {with(R"(,"extension":12345678901)"), "extension"},
  };
  for (const auto& [text, attribute] : rows) EXPECT_EQ(wrong_in(text), attribute) << text;
  EXPECT_EQ(wrong_in("{"), "data_is_not_json: body");
  EXPECT_EQ(wrong_in("\xff"), "data_is_not_utf8: body");
}

TEST(CloudEvent, NumbersHave32Bits) {
  for (const auto* number : {"0", "-0", "2147483647", "-2147483648"})
    EXPECT_EQ(wrong_in(with(R"(,"extension":)" + std::string(number))), "nothing") << number;
}

TEST(CloudEventKey, IsLegibleIfItCanBe) {
  EXPECT_EQ(key_of("/them", "a b c"), "ce:/them a b c");
  EXPECT_EQ(key_of("https://a.example/x?y#z", "1"), "ce:https://a.example/x?y#z 1");
  EXPECT_EQ(key_of("/", std::string(250, 'x')), "ce:/ " + std::string(250, 'x'));
}

TEST(CloudEventKey, OfALongOrOddIdIsItsHash) {
  for (const auto& id : {std::string(251, 'x'), std::string("\xc3\xa9"), std::string("a\nb"), std::string(1, '\0')}) {
    const auto key = key_of("/", id);
    EXPECT_EQ(key.size(), 39u) << key;
    EXPECT_TRUE(check_idempotency_key(key));
    EXPECT_EQ(key, key_of("/", id));
  }
}

TEST(CloudEventKey, OfAnotherSourceOrIdIsAnother) {
  std::set<std::string> keys;
  std::size_t pairs = 0;
  for (const std::string source : {"/", "/a", "/a/b", "x:y"})
    for (const std::string id : {"a", "a b", " a", "/a", "a\nb", "\xc3\xa9"})
      for (const std::size_t more : {0u, 300u}) {
        keys.insert(key_of(source, id + std::string(more, 'x')));
        ++pairs;
      }
  EXPECT_EQ(keys.size(), pairs);
}

}  // namespace
}  // namespace event_relay
