#include "unit/relay/told_world.hpp"

#include <random>

// An id on the wire says: whoever has it has everything up to there, and will not get it again. Held here against all
// that can happen to a filtered stream, in every order.
namespace event_relay {
namespace {

using sse::body_framing;
using test::act;
using test::number_of_acts;
using test::told_setup;
using test::told_world;

class CursorToldModel : public testing::TestWithParam<told_setup> {
 protected:
  void explore(std::vector<act>& path, std::size_t steps) {
    if (HasFailure()) return;
    told_world played{GetParam()};
    for (const auto one : path)
      if (!played.apply(one)) return;
    played.check();
    played.check_to_the_end();
    if (HasFailure()) ADD_FAILURE() << "after " << testing::PrintToString(path);
    if (path.size() == steps) return;
    for (std::size_t next = 0; next < number_of_acts; ++next) {
      path.push_back(static_cast<act>(next));
      explore(path, steps);
      path.pop_back();
    }
  }
};

TEST_P(CursorToldModel, NeverSaysMoreThanWasWrittenInAnyOrder) {
  std::vector<act> path;
  explore(path, 6);
}

TEST_P(CursorToldModel, NeverSaysMoreThanWasWrittenInLongRuns) {
  for (unsigned seed = 0; seed < 200 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    std::uniform_int_distribution<std::size_t> any{0, number_of_acts - 1};
    told_world played{GetParam()};
    for (int step = 0; step < 80; ++step) played.apply(static_cast<act>(any(random)));
    played.check();
    played.check_to_the_end();
  }
}

/// A client that is new begins at 0 like one that brings an id.
told_setup started(const char* name, envelope as, bool cloud_events, position_t published, position_t tail_begins_after) {
  stream_form form;
  form.as = as;
  form.cloud_events = cloud_events;
  const auto framing = as == envelope::lines ? body_framing::close_delimited : body_framing::chunked;
  const std::size_t more = cloud_events ? 220 : as == envelope::lines ? 130 : 40;
  return {name, form, framing, more, published, tail_begins_after, tail_begins_after == published && published > 0};
}

INSTANTIATE_TEST_SUITE_P(
    All, CursorToldModel,
    testing::Values(started("frames_of_an_empty_journal", envelope::event_stream, false, 0, 0),
                    started("frames_replayed", envelope::event_stream, false, 5, 5),
                    started("frames_half_in_the_tail", envelope::event_stream, false, 4, 2),
                    started("cloud_events_of_an_empty_journal", envelope::event_stream, true, 0, 0),
                    started("cloud_events_replayed", envelope::event_stream, true, 5, 5),
                    started("lines_of_an_empty_journal", envelope::lines, false, 0, 0),
                    started("lines_replayed", envelope::lines, false, 5, 5)),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace event_relay
