#include "journal_under_test.hpp"

#include <gmock/gmock.h>

namespace event_relay::test {
namespace {

using testing::ElementsAre;

struct metadata {
  timestamp stored_at;
  std::string attributes;

  friend bool operator==(const metadata&, const metadata&) = default;
};

// What an event has beside what subscribers of the event stream get.
class Metadata : public JournalTest {
 protected:
  new_event with(std::string data, std::string attributes, std::string key = {}) const {
    auto made = event(std::move(data), "", std::move(key));
    made.attributes = std::move(attributes);
    return made;
  }

  std::vector<metadata> read(bool with_metadata = true) {
    std::vector<metadata> all;
    page_limits limits;
    limits.with_metadata = with_metadata;
    connection().read_after(
        0, limits, [&](const event_view& event) { all.push_back({event.stored_at, std::string{event.attributes}}); });
    return all;
  }
};

TEST_P(Metadata, IsReadBackAsItWasStored) {
  const auto first = append(connection(), {with("a", R"({"source":"/é"})"), event("b")});
  const auto second = append(connection(), {event("c")});
  EXPECT_LT(first.stored_at, second.stored_at);
  EXPECT_THAT(read(), ElementsAre(metadata{first.stored_at, R"({"source":"/é"})"}, metadata{first.stored_at, ""},
                                  metadata{second.stored_at, ""}));
}

TEST_P(Metadata, IsNotReadUnlessAskedFor) {
  append(connection(), {with("a", "{}")});
  EXPECT_THAT(read(false), ElementsAre(metadata{}));
}

TEST_P(Metadata, ComesWithLargeEventsToo) {
  append(connection(), {with(std::string(600'000, 'x'), "{1}"), with(std::string(600'000, 'x'), "{2}")});
  const auto first = read();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].attributes, "{1}");
}

TEST_P(Metadata, OfOneEventIsFound) {
  const auto receipt = append(connection(), {with("a", R"({"id":"1"})")});
  const auto found = connection().find(1);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->stored_at, receipt.stored_at);
  EXPECT_EQ(found->attributes, R"({"id":"1"})");
}

TEST_P(Metadata, TheTimeIsTheSameWhenABatchIsAskedForAgain) {
  const auto id = new_batch_id();
  const auto receipt = append(connection(), {event("a")}, id);
  EXPECT_EQ(append(connection(), {event("a")}, id).stored_at, receipt.stored_at);
}

TEST_P(Metadata, IsKeptBesideEventsThatWereKnown) {
  append(connection(), {with("a", "{1}", "key-a")});
  append(connection(), {with("a", "{1}", "key-a"), with("b", "{2}", "key-b")});
  const auto all = read();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].attributes, "{2}");
}

EVENT_RELAY_FOR_EVERY_JOURNAL(Metadata);

}  // namespace
}  // namespace event_relay::test
