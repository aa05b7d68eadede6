#include "journal/sqlite_clock.hpp"
#include "journal/sqlite_connection.hpp"

#include <algorithm>

namespace event_relay {
namespace {

using outcome = appended::outcome;

void require_text(const new_event& event) {
  for (const auto* text : {&event.type, &event.idempotency_key, &event.data, &event.attributes})
    if (!check_text(*text)) throw journal_refused("a text of the batch is not UTF-8 or contains NUL");
}

bool is_duplicate(const appended& event) {
  return event.what == outcome::duplicate;
}

bool is_stored(const appended& event) {
  return event.what == outcome::stored;
}

/// What one publisher sent as a whole. With `all_or_none` the batch has one key: repeated as it was it gets its first
/// answer. With `never_reused` each event has its own, and those known are passed over.
void require_no_conflict(const std::vector<appended>& events, known_keys how) {
  const auto known = std::ranges::count_if(events, is_duplicate);
  const auto fresh = std::ranges::count_if(events, is_stored);
  const auto fitting = how == known_keys::all_or_none ? std::max(known, fresh) : known + fresh;
  if (how != known_keys::one_by_one && fitting != std::ssize(events))
    throw key_conflict("a key of the batch stands for another event");
}

}  // namespace

append_receipt sqlite_connection::append(const batch_id& id, std::span<const new_event* const> events, known_keys how) {
  if (events.empty()) return {epoch_, {}, {}};
  for (const auto* event : events) require_text(*event);
  auto& store = session_.store();
  return session_.write([&] { return this->store(id, events, how); },
                        [&](const append_receipt& receipt) {
                          position_t head = 0;
                          for (const auto& event : receipt.events)
                            if (is_stored(event)) head = event.position;
                          if (head == 0) return;
                          store.file.remember({receipt.epoch, head});
                          store.news.announce(head);
                        });
}

/// The write lock is held, so nobody else gives out positions or adds keys meanwhile.
append_receipt sqlite_connection::store(const batch_id& id, std::span<const new_event* const> events, known_keys how) {
  const auto bounds = read_bounds();
  if (bounds.current_epoch() != epoch_) throw stale_epoch("epoch " + std::to_string(epoch_) + " is over");
  if (auto earlier = earlier_receipt(id, events.size())) return *earlier;

  append_receipt receipt{epoch_, {}, current_time()};
  receipt.events.reserve(events.size());
  for (const auto* event : events) receipt.events.push_back(look_up(*event));
  require_no_conflict(receipt.events, how);
  auto head = bounds.head;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!is_stored(receipt.events[i])) continue;
    receipt.events[i].position = ++head;
    insert(*events[i], head, receipt.stored_at);
  }
  insert_batch(id, receipt, bounds.head);
  return receipt;
}

std::optional<append_receipt> sqlite_connection::earlier_receipt(const batch_id& id, std::size_t events) {
  auto batch = session_.rows("SELECT epoch, base, events, created_at FROM batch WHERE batch_id = ?", id);
  if (!batch.next()) return std::nullopt;
  if (batch.number<std::size_t>(2) != events)
    throw journal_refused("the batch had " + std::to_string(batch.number<std::size_t>(2)) + " events, not " +
                          std::to_string(events));
  append_receipt receipt{batch.number<epoch_t>(0), std::vector<appended>(events), batch.time(3)};
  auto known = session_.rows("SELECT at, original, same FROM repetition WHERE batch_id = ?", id);
  while (known.next())
    receipt.events.at(known.number<std::size_t>(0)) = {
        known.number<position_t>(1), known.number<int>(2) != 0 ? outcome::duplicate : outcome::key_reused};
  auto last = batch.number<position_t>(1);
  for (auto& event : receipt.events)
    if (is_stored(event)) event.position = ++last;
  return receipt;
}

/// What retention has removed cannot be compared and gets the benefit of the doubt.
appended sqlite_connection::look_up(const new_event& event) {
  if (event.idempotency_key.empty()) return {};
  auto rows = session_.rows(R"(SELECT d.position, j.position IS NULL OR (j.data = ? AND j.type IS ?)
                                 FROM dedupe d LEFT JOIN journal j ON j.position = d.position
                                WHERE d.topic_id = ? AND d.key = ?)",
                            event.data, optional_text{event.type}, event.topic, event.idempotency_key);
  if (!rows.next()) return {};
  return {rows.number<position_t>(0), rows.number<int>(1) != 0 ? outcome::duplicate : outcome::key_reused};
}

void sqlite_connection::insert(const new_event& event, position_t position, timestamp now) {
  session_.change(R"(INSERT INTO journal (position, topic_id, created_at, type, data, attributes)
                     VALUES (?, ?, ?, ?, ?, ?))",
                  position, event.topic, now, optional_text{event.type}, event.data, optional_text{event.attributes});
  if (!event.idempotency_key.empty())
    session_.change("INSERT INTO dedupe (topic_id, key, position, created_at) VALUES (?, ?, ?, ?)", event.topic,
                    event.idempotency_key, position, now);
}

void sqlite_connection::insert_batch(const batch_id& id, const append_receipt& receipt, position_t base) {
  const auto& events = receipt.events;
  const auto head = base + static_cast<position_t>(std::ranges::count_if(events, is_stored));
  session_.change("INSERT INTO batch (batch_id, epoch, base, events, head, created_at) VALUES (?, ?, ?, ?, ?, ?)", id,
                  receipt.epoch, base, events.size(), head, receipt.stored_at);
  for (std::size_t i = 0; i < events.size(); ++i)
    if (!is_stored(events[i]))
      session_.change("INSERT INTO repetition (batch_id, at, original, same) VALUES (?, ?, ?, ?)", id, i,
                      events[i].position, is_duplicate(events[i]));
}

}  // namespace event_relay
