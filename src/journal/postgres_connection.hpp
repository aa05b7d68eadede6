#pragma once

#include "event_relay/journal/journal.hpp"
#include "journal/news_gate.hpp"
#include "journal/page_size.hpp"
#include "journal/postgres_session.hpp"

#include <pqxx/notification>

#include <chrono>
#include <optional>
#include <string>

namespace event_relay {

/// Keeps the highest position that the journal's channel announced.
class news_receiver final : public pqxx::notification_receiver {
 public:
  explicit news_receiver(pqxx::connection& connection);

  void operator()(const std::string& payload, int backend) override;

  /// What was announced since the last call.
  std::optional<position_t> take() noexcept;

 private:
  std::optional<position_t> newest_;
};

class postgres_connection final : public journal_connection {
 public:
  /// Throws what journal::connect() throws.
  postgres_connection(const std::string& url, std::size_t partition_events, server_role role = server_role::writable);

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
  void wake() noexcept override { gate_.open(); }
  void maintain(std::chrono::seconds idempotency_window) override;

 private:
  void require_open();
  pqxx::result page_after(position_t after, std::size_t events, epoch_t epoch, const char* statement);
  append_receipt store(const batch_id& id, std::span<const new_event* const> events, known_keys how);
  void make_room(std::size_t events);
  void detach(const std::string& child, bool detaching);
  void make_room_when_due(position_t newest);

  postgres_session session_;
  const std::size_t partition_events_;
  std::optional<news_receiver> news_;
  news_gate gate_;
  page_size page_size_;
  epoch_t epoch_ = 0;
  bool confirmed_ = false;       // see append()
  position_t room_ends_at_ = 0;  // an append that gets so far has to make room for the next ones
  std::chrono::steady_clock::time_point next_room_attempt_{};
  std::string outbox_hint_;  // snapshot of the last call that left nothing behind
  std::chrono::steady_clock::time_point next_whole_look_{};
};

}  // namespace event_relay
