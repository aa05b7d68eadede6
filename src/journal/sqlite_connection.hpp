#pragma once

#include "event_relay/journal/journal.hpp"
#include "journal/sqlite_session.hpp"

#include <memory>
#include <optional>
#include <string>

namespace event_relay {

class sqlite_connection final : public journal_connection {
 public:
  /// Throws what journal::connect() throws.
  explicit sqlite_connection(std::shared_ptr<sqlite_store> store);

  journal_bounds open(std::optional<known_history> known) override;
  journal_bounds bounds() override;
  std::vector<topic> register_topics(std::span<const std::string> names) override;
  std::vector<topic> topics() override;
  append_receipt append(const batch_id& id, std::span<const new_event* const> events, known_keys how) override;
  outbox_drained drain_outbox(const outbox_limits& limits) override;
  outbox_lag measure_outbox() override;
  retained retain(const retention_limits& limits) override;
  std::vector<consumer> consumers() override;
  consumer claim_consumer(const std::string& name, event_id first) override;
  std::optional<consumer> acknowledge(const std::string& name, event_id to) override;
  std::optional<consumer> reset_consumer(const std::string& name, event_id to) override;
  bool remove_consumer(const std::string& name) override;
  std::size_t read_after(position_t after, page_limits limits, const event_sink& sink) override;
  std::optional<stored_event> find(position_t position) override;
  void listen() override;
  std::optional<position_t> wait_for_news(std::chrono::milliseconds at_most) override;
  void wake() noexcept override { session_.store().news.wake(listener_); }
  void maintain(std::chrono::seconds idempotency_window) override;

 private:
  journal_bounds read_bounds();
  append_receipt store(const batch_id& id, std::span<const new_event* const> events, known_keys how);
  std::optional<append_receipt> earlier_receipt(const batch_id& id, std::size_t events);
  appended look_up(const new_event& event);
  void insert(const new_event& event, position_t position, timestamp now);
  void insert_batch(const batch_id& id, const append_receipt& receipt, position_t base);
  std::optional<consumer> find_consumer(const std::string& name);
  std::uint64_t next_claim();
  position_t expired(const retention_limits& limits, const journal_bounds& bounds);
  std::uint64_t used_bytes();

  sqlite_session session_;
  append_news::listener listener_;
  epoch_t epoch_ = 0;
};

}  // namespace event_relay
