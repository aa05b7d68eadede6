#include "support/memory_log.hpp"

#include <algorithm>
#include <set>

namespace event_relay::test {
namespace {

/// What PostgreSQL's text and the unique index of keys refuse.
void check_batch(std::span<const new_event* const> batch) {
  std::set<std::pair<topic_id, std::string>> keys;
  for (const auto* event : batch) {
    for (const auto& text : {event->type, event->idempotency_key, event->data})
      if (!check_text(text)) throw journal_refused("a text is not UTF-8 or contains NUL");
    if (!event->idempotency_key.empty() && !keys.emplace(event->topic, event->idempotency_key).second)
      throw journal_refused("two events of a batch have the same topic and key");
  }
}

}  // namespace

timestamp memory_log::now() const {
  return set_time.value_or(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
}

const memory_log::event* memory_log::find(position_t position) const noexcept {
  return position > floor && position <= head() ? &events[position - floor - 1] : nullptr;
}

std::vector<topic> memory_log::register_topics(std::span<const std::string> names) {
  for (const auto& name : names)
    if (!check_topic_name(name)) throw journal_refused("not a topic name");
  std::vector<topic> registered;
  for (const auto& name : names) {
    auto known = std::ranges::find(topics, name, &topic::name);
    if (known == topics.end()) {
      topics.push_back({topic_id{static_cast<std::uint32_t>(topics.size() + 1)}, name});
      known = std::prev(topics.end());
    }
    registered.push_back(*known);
  }
  return registered;
}

appended memory_log::look_up(const new_event& event) const {
  const auto known = keys.find({event.topic, event.idempotency_key});
  if (event.idempotency_key.empty() || known == keys.end()) return {};
  const auto position = known->second.position;
  const auto* original = find(position);
  const bool same = original == nullptr || (original->type == event.type && original->data == event.data);
  return {position, same ? appended::outcome::duplicate : appended::outcome::key_reused};
}

append_receipt memory_log::append(const batch_id& id, std::span<const new_event* const> batch, known_keys how) {
  if (const auto earlier = batches.find(id); earlier != batches.end()) {
    if (earlier->second.events.size() != batch.size()) throw journal_refused("the batch had another number of events");
    return earlier->second;
  }
  if (is_full) throw journal_full("no space left on device");
  check_batch(batch);
  if (how != known_keys::one_by_one) {
    const auto outcome = [&](const new_event* event) { return look_up(*event).what; };
    const auto known = std::ranges::count(batch, appended::outcome::duplicate, outcome);
    const auto unknown = std::ranges::count(batch, appended::outcome::stored, outcome);
    const auto fitting = how == known_keys::all_or_none ? std::max(known, unknown) : known + unknown;
    if (fitting != std::ssize(batch)) throw key_conflict("a key stands for another event");
  }
  append_receipt receipt{epochs.back().epoch, {}, now()};
  for (const auto* event : batch) receipt.events.push_back(store(*event, receipt.stored_at));
  batches[id] = receipt;
  changed.notify_all();
  return receipt;
}

appended memory_log::store(const new_event& event, timestamp now) {
  auto outcome = look_up(event);
  if (outcome.what != appended::outcome::stored) return outcome;
  events.push_back({event.topic, event.type, event.data, event.attributes, now});
  outcome.position = head();
  if (!event.idempotency_key.empty()) keys[{event.topic, event.idempotency_key}] = {head(), now};
  return outcome;
}

outbox_drained memory_log::drain(const outbox_limits& limits) {
  outbox_drained drained;
  drained.in_use = outbox_used;
  const auto die = [&](const outbox_row& row, dead_letter_reason reason) {
    dead_letters.emplace_back(row, reason);
    ++drained.dead[static_cast<std::size_t>(reason)];
  };
  std::size_t bytes = 0;
  for (std::size_t taken = 0; !outbox.empty() && taken < limits.events && bytes < limits.bytes; ++taken) {
    const auto row = std::move(outbox.front());
    outbox.pop_front();
    bytes += row.data.size();
    const auto known = std::ranges::find(topics, row.topic, &topic::name);
    if (known == topics.end()) {
      die(row, dead_letter_reason::unknown_topic);
    } else if (row.data.size() > limits.event_bytes) {
      die(row, dead_letter_reason::data_too_large);
    } else {
      const auto what = store({known->id, row.type, row.key, row.data, {}}, now()).what;
      drained.stored += what == appended::outcome::stored ? 1 : 0;
      drained.known += what == appended::outcome::duplicate ? 1 : 0;
      if (what == appended::outcome::key_reused) die(row, dead_letter_reason::idempotency_key_reused);
    }
  }
  drained.more = !outbox.empty();
  changed.notify_all();
  return drained;
}

void memory_log::forget_expired(std::chrono::seconds window) {
  const auto before = now() - window;
  std::erase_if(keys, [&](const auto& key) { return key.second.created_at < before; });
}

void memory_log::open_epoch(std::optional<known_history> known) {
  if (!known) return;
  const auto current = epochs.back().epoch;
  if (known->epoch > current || (known->epoch == current && known->head > head()))
    epochs.push_back({std::max(known->epoch, current) + 1, head() + 1});
}

void memory_log::drop_after(position_t last) {
  events.resize(std::min<std::size_t>(events.size(), last < floor ? 0 : last - floor));
  std::erase_if(keys, [&](const auto& key) { return key.second.position > last; });
  std::erase_if(batches, [&](const auto& batch) {
    return std::ranges::any_of(batch.second.events, [&](const appended& event) { return event.position > last; });
  });
}

void memory_log::drop_up_to(position_t last) {
  const auto count = static_cast<std::ptrdiff_t>(std::min(last, head()) - std::min(floor, last));
  events.erase(events.begin(), events.begin() + count);
  floor += static_cast<position_t>(count);
}

}  // namespace event_relay::test
