#include "event_relay/http/request_id.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace event_relay::http {
namespace {

request_header with_ids(std::initializer_list<std::string> ids) {
  request_header header;
  for (const auto& id : ids) header.insert(request_id_header, id);
  return header;
}

TEST(RequestId, OfTheClientIsTaken) {
  for (const std::string id : {"a", "0-Z_.9", "7f3a6c1e-0b2d-4e5f-8a9b-0c1d2e3f4a5b"})
    EXPECT_EQ(request_id_of(with_ids({id})), id);
  EXPECT_EQ(request_id_of(with_ids({std::string(128, 'x')})), std::string(128, 'x'));
}

TEST(RequestId, ThatCannotBeTakenIsReplaced) {
  for (const std::string id : {"", "a b", "a\tb", "a/b", "\"", "\xc3\xa9", "a:b"}) {
    const auto made = request_id_of(with_ids({id}));
    EXPECT_NE(made, id);
    EXPECT_TRUE(is_request_id(made));
  }
  EXPECT_NE(request_id_of(with_ids({std::string(129, 'x')})), std::string(129, 'x'));
}

TEST(RequestId, OfTwoNoneIsTaken) {
  const auto made = request_id_of(with_ids({"one", "two"}));
  EXPECT_NE(made, "one");
  EXPECT_NE(made, "two");
}

TEST(RequestId, ThatIsMadeIsNeverTheSame) {
  std::vector<std::vector<std::string>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made)
    threads.emplace_back([&mine] {
      for (int i = 0; i < 10'000; ++i) mine.push_back(make_request_id());
    });
  for (auto& one : threads) one.join();
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 40'000u);
  for (const auto& id : {*all.begin(), *all.rbegin()}) EXPECT_TRUE(is_request_id(id)) << id;
}

}  // namespace
}  // namespace event_relay::http
