#include "event_relay/relay/start_decision.hpp"

#include <algorithm>

namespace event_relay {
namespace {

/// First position that is not the history of `epoch` any more; nothing while it is the current one.
std::optional<position_t> fork_after(epoch_t epoch, const journal_bounds& bounds) {
  std::optional<position_t> fork;
  for (const auto& start : bounds.epochs)
    if (start.epoch > epoch && (!fork || start.first_position < *fork)) fork = start.first_position;
  return fork;
}

bool has_epoch(epoch_t epoch, const journal_bounds& bounds) {
  return std::ranges::any_of(bounds.epochs, [epoch](const auto& start) { return start.epoch == epoch; });
}

/// Where history was changed meanwhile, the client has seen nothing that could be missing.
position_t after_live(const sse::start_live& start, const journal_bounds& bounds) {
  if (!has_epoch(start.epoch, bounds)) return bounds.head;
  return std::clamp(continue_in_new_epoch(start.epoch, start.position, bounds).after, bounds.floor, bounds.head);
}

start_decision after_gap(sse::gap_reason reason, gap_policy policy, const journal_bounds& bounds) {
  return {policy == gap_policy::live ? bounds.head : bounds.floor, reason};
}

std::optional<start_decision> decide(const sse::start_after& id, const journal_bounds& bounds, gap_policy policy,
                                     bool bounds_are_fresh) {
  const auto epoch = id.epoch.value_or(bounds.current_epoch());
  if (!has_epoch(epoch, bounds)) {
    // A newer epoch than we know of was opened through another relay a moment ago.
    if (epoch > bounds.current_epoch() && !bounds_are_fresh) return std::nullopt;
    return after_gap(sse::gap_reason::unknown_epoch, policy, bounds);
  }
  if (const auto fork = fork_after(epoch, bounds); fork && id.position >= *fork) {
    auto decision = after_gap(sse::gap_reason::history_lost, policy, bounds);
    // Up to the fork the client has seen what everybody has seen: nothing older needs repeating.
    if (policy != gap_policy::live) decision.after = std::max(*fork - 1, bounds.floor);
    return decision;
  }
  if (id.position < bounds.floor) return after_gap(sse::gap_reason::expired, policy, bounds);
  if (id.position <= bounds.head) return start_decision{id.position, std::nullopt};
  if (!bounds_are_fresh) return std::nullopt;
  return after_gap(sse::gap_reason::future, policy, bounds);
}

}  // namespace

std::optional<start_decision> decide_start(const sse::start_point& start, const journal_bounds& bounds,
                                           gap_policy policy, bool bounds_are_fresh) {
  if (const auto* live = std::get_if<sse::start_live>(&start)) return start_decision{after_live(*live, bounds), std::nullopt};
  if (std::holds_alternative<sse::start_earliest>(start)) return start_decision{bounds.floor, std::nullopt};
  if (std::holds_alternative<sse::start_malformed>(start))
    return after_gap(sse::gap_reason::malformed, policy, bounds);
  return decide(std::get<sse::start_after>(start), bounds, policy, bounds_are_fresh);
}

start_decision continue_in_new_epoch(epoch_t epoch, position_t position, const journal_bounds& bounds) {
  const auto fork = fork_after(epoch, bounds);
  if (!fork || position < *fork) return {position, std::nullopt};
  return {*fork - 1, sse::gap_reason::history_lost};
}

}  // namespace event_relay
