#include "actors/reader_fixture.hpp"

namespace event_relay {
namespace {

// Pages have four events here, and there are two readers.
class JournalReaderAhead : public test::reader_fixture {
 protected:
  JournalReaderAhead() { start_reader(); }
  /// A journal whose events have left the tail.
  void open_behind_tail(int events) {
    open();
    store(events);
    work();
    context.tail.restart(context.tail.epoch(), context.tail.head());
  }
  replay_page_ptr next(position_t after) {
    to_subscriber.got.clear();
    caf::anon_send(context.reader_for(after), page_atom::value, after, false, subscriber);
    work();
    return to_subscriber.got.empty() ? nullptr : to_subscriber.got.front();
  }
  std::uint64_t reads() const { return counted.replay_pages; }
  std::uint64_t hits() const { return counted.replay_page_hits; }
};

TEST_F(JournalReaderAhead, TheNextTwoPagesAreThereWhenTheyAreAskedFor) {
  open_behind_tail(20);
  next(0);
  EXPECT_EQ(reads(), 3u);
  EXPECT_EQ(next(4)->events->last(), 8u);
  EXPECT_EQ(next(8)->events->last(), 12u);
  EXPECT_EQ(hits(), 2u);
}

TEST_F(JournalReaderAhead, NothingIsReadTwice) {
  open_behind_tail(21);
  for (position_t after = 0; after < 20; after += 4) EXPECT_EQ(next(after)->events->last(), after + 4);
  EXPECT_EQ(reads(), 5u);
}

TEST_F(JournalReaderAhead, WhatTheTailHasIsNotReadAhead) {
  open();
  store(20);
  work();
  next(0);
  EXPECT_EQ(reads(), 1u);
}

TEST_F(JournalReaderAhead, OfPagesThatEndEarlyOnlyTheNextIsKnown) {
  configuration.journal.page_bytes = 12;  // two events
  open_behind_tail(20);
  EXPECT_EQ(next(0)->events->last(), 2u);
  EXPECT_EQ(reads(), 2u);
  EXPECT_EQ(next(2)->events->last(), 4u);
  EXPECT_EQ(hits(), 1u);
}

TEST_F(JournalReaderAhead, ASubscriberThatWaitsComesFirst) {
  open_behind_tail(40);
  caf::anon_send(context.reader_for(16), ahead_atom::value, position_t{16}, false);
  caf::anon_send(context.reader_for(16), page_atom::value, position_t{36}, false, subscriber);
  work();
  EXPECT_EQ(reads(), 1u);
  next(16);
  EXPECT_EQ(hits(), 0u);
}

TEST_F(JournalReaderAhead, AJournalThatGoesAwayMeanwhileIsNoHarm) {
  open_behind_tail(20);
  journal.go_away();
  other.reset();
  caf::anon_send(context.reader_for(4), ahead_atom::value, position_t{4}, false);
  work();
  EXPECT_EQ(reads(), 0u);
  journal.come_back();
  EXPECT_EQ(next(4)->events->last(), 8u);
}

}  // namespace
}  // namespace event_relay
