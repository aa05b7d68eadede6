#pragma once

#include "event_relay/core/event.hpp"

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace event_relay {

/// Finds the subscribers of a topic, so that an event costs by those who want it and not by all who are connected.
/// Adding and removing are O(topics of the subscriber). Not thread-safe; owned by the holder.
///
/// `Subscriber` has a member `interest_links links`, which is this index' own, and a stable address.
struct interest_link {
  topic_id topic{};
  std::uint32_t slot = 0;
};
/// Nearly everybody has one: it needs no allocation of its own.
using interest_links = boost::container::small_vector<interest_link, 1>;

template <class Subscriber>
class interest_index {
 public:
  /// No topics: the subscriber wants all of them.
  void add(Subscriber& subscriber, std::span<const topic_id> topics) {
    subscriber.links.reserve(topics.empty() ? 1 : topics.size());
    if (topics.empty()) insert(all_, subscriber, {});
    for (const auto topic : topics) insert(by_topic_[topic], subscriber, topic);
  }

  void remove(Subscriber& subscriber, bool wants_all) {
    for (std::size_t i = 0; i < subscriber.links.size(); ++i) {
      const auto link = subscriber.links[i];
      auto& list = wants_all ? all_ : by_topic_[link.topic];
      // The last one moves into the gap, so its owner has to learn of its new place.
      list[link.slot] = list.back();
      list[link.slot].owner->links[list[link.slot].link].slot = link.slot;
      list.pop_back();
      if (!wants_all && list.empty()) by_topic_.erase(link.topic);
    }
    subscriber.links.clear();
  }

  bool has_topic_subscribers() const noexcept { return !by_topic_.empty(); }

  template <class Visit>
  void for_all_topics(Visit visit) const {
    for (const auto& place : all_) visit(*place.owner);
  }
  template <class Visit>
  void for_topic(topic_id topic, Visit visit) const {
    const auto list = by_topic_.find(topic);
    if (list == by_topic_.end()) return;
    for (const auto& place : list->second) visit(*place.owner);
  }
  template <class Visit>
  void for_every_topic(Visit visit) const {
    for (const auto& [topic, list] : by_topic_)
      for (const auto& place : list) visit(*place.owner);
  }

 private:
  struct place {
    Subscriber* owner;
    std::size_t link;  // which of the owner's links leads here
  };
  using list = std::vector<place>;

  void insert(list& into, Subscriber& subscriber, topic_id topic) {
    into.push_back({&subscriber, subscriber.links.size()});
    subscriber.links.push_back({topic, static_cast<std::uint32_t>(into.size() - 1)});
  }

  list all_;
  std::unordered_map<topic_id, list> by_topic_;
};

}  // namespace event_relay
