#pragma once

#include "event_relay/journal/journal.hpp"

#include <memory>
#include <string>
#include <vector>

namespace event_relay::test {

struct memory_log;

/// A journal in memory that behaves as the real one does, and fails when told to. All connections made from one object
/// share its events. Every member may be called from any thread.
class memory_journal final : public journal {
 public:
  /// The first epoch, which a real journal draws by lot.
  static constexpr epoch_t first_epoch = 4711;

  memory_journal();
  ~memory_journal() override;

  void migrate() override;
  std::unique_ptr<journal_connection> connect() override;
  bool has_outbox() const noexcept override { return true; }

  /// Ends every connection; until come_back() every call, connect() and waits under way too, throws
  /// journal_unavailable. Connections from before stay dead, as those to a real server do.
  void go_away();
  void come_back();

  /// The next append() stores its events and then throws journal_unavailable; its connection is dead.
  void lose_next_commit_answer();

  /// append() throws journal_full until told otherwise.
  void fill_up(bool full);

  /// A failover that lost the events from first_position on: they are dropped, and another epoch begins there.
  void begin_new_epoch(position_t first_position);

  /// The same without anybody having noticed: what a storage snapshot put back looks like.
  void set_back_to(position_t head);

  /// Retention: the events up to and including this one are gone.
  void remove_up_to(position_t position);

  /// Its clock stands still there; at first it is the wall clock.
  void set_time(timestamp now);

  /// What event_relay.publish() of a committed transaction does.
  void put_into_outbox(std::string topic, std::string type, std::string data, std::string key = {});
  /// drain_outbox() throws journal_refused, as for a role without the privilege, until told otherwise.
  void refuse_outbox(bool refuse);
  /// As `data: reason`.
  std::vector<std::string> dead_letters() const;

  /// Connections that exist now.
  std::size_t open_connections() const;

 private:
  const std::shared_ptr<memory_log> log_;
};

}  // namespace event_relay::test
