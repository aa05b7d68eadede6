#pragma once

#include "event_relay/core/counters.hpp"
#include "event_relay/core/event.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace event_relay {

/// The connection is lost, or none can be made. After append() it means: the commit may or may not have happened.
/// The connection object is of no further use; make a new one.
struct journal_unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The journal refused a call and nothing of it was stored: a bug, a missing privilege, a lock that took too long. The
/// connection stays usable.
struct journal_refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The same, because there is no room for more. Later there may be.
struct journal_full : journal_refused {
  using journal_refused::journal_refused;
};

/// Of a batch that is to be stored as a whole, a key stands for another event. Nothing was stored; the connection stays
/// usable.
struct key_conflict : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Another history began (failover, restored backup) since this connection was opened. Nothing was stored; connect anew.
struct stale_epoch : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Identifies one append() for ever, so that asking again finds out what became of it. 16 random bytes.
using batch_id = std::array<std::byte, 16>;

/// What append() does about keys that are in the journal.
enum class known_keys {
  one_by_one,   ///< says of each event what became of it
  all_or_none,  ///< throws key_conflict unless all are known, with the same events, or none
  never_reused, ///< throws key_conflict if one is known with another event
};

/// Where an epoch begins: its events are those from first_position up to the next epoch's.
struct epoch_start {
  epoch_t epoch = 0;
  position_t first_position = 0;

  friend bool operator==(const epoch_start&, const epoch_start&) = default;
};

/// Which part of which history can be read.
struct journal_bounds {
  std::vector<epoch_start> epochs;  ///< ascending, never empty
  position_t floor = 0;             ///< highest position that retention removed; floor + 1 is the oldest left
  position_t head = 0;              ///< newest position; equals floor when the journal is empty

  epoch_t current_epoch() const noexcept { return epochs.empty() ? 0 : epochs.back().epoch; }
  /// The epoch that an event of this history belongs to.
  epoch_t epoch_of(position_t position) const noexcept;
};

/// What became of one event of a batch.
struct appended {
  enum class outcome : std::uint8_t {
    stored,       ///< new, at `position`
    duplicate,    ///< its key was there with the same event, at `position`; nothing stored
    key_reused,   ///< its key was there with another type or data, at `position`; nothing stored
  };
  position_t position = 0;
  outcome what = outcome::stored;
};

struct append_receipt {
  epoch_t epoch = 0;
  std::vector<appended> events;  ///< one for each event of the batch, in its order
  timestamp stored_at;           ///< of all that are new
};

/// What a process remembers of the history it served, to notice that the database was set back behind its back.
struct known_history {
  epoch_t epoch = 0;
  position_t head = 0;
};

struct page_limits {
  std::size_t events = 1'000;
  std::size_t bytes = 256 * 1024;  ///< of data; a page has at least one event, whatever its size
  bool with_metadata = false;      ///< when each was stored, and its attributes, which costs a third of the rate
  epoch_t epoch = 0;               ///< nothing is read once the journal is in another one; 0: in any
};

struct outbox_limits {
  std::size_t events = 1'000;             ///< moved by one call
  std::size_t bytes = 1024 * 1024;        ///< of data, but one event at least
  std::size_t event_bytes = 1024 * 1024;  ///< of one event's data; larger ones become dead letters
};

/// What one call took out of the outbox.
struct outbox_drained {
  std::size_t stored = 0;
  std::size_t known = 0;                       ///< their key was in the journal already, with the same event
  std::array<std::size_t, dead_letter_reason_count> dead{};
  bool more = false;                           ///< something may be left
  bool in_use = false;                         ///< something was ever put into this outbox
};

/// What is kept of the journal; 0: without limit. Where it is kept partition by partition, up to one more stays.
struct retention_limits {
  std::chrono::seconds max_age{0};
  std::uint64_t max_events = 0;
  std::uint64_t max_bytes = 0;
  bool overtake_consumers = false;  ///< also what a consumer has not acknowledged
};

struct retained {
  position_t floor = 0;              ///< highest position removed
  std::size_t partitions_dropped = 0;  ///< or pieces removed, where there are no partitions
};

/// A reader whose place in the journal the journal itself keeps.
struct consumer {
  std::string name;
  event_id cursor;           ///< everything up to here was acknowledged
  std::uint64_t reader = 0;  ///< who reads now: goes up with each claim, reset and removal
  timestamp created_at;
  timestamp acked_at;        ///< when the cursor was last moved
};

/// What waits in the outbox.
struct outbox_lag {
  std::size_t events = 0;            ///< counted up to 100 000
  std::chrono::milliseconds age{0};  ///< of the oldest
};

using event_sink = std::function<void(const event_view&)>;

/// One connection to the journal. Used by one thread at a time, except wake(). Every call may throw
/// journal_unavailable or journal_refused; all of them block.
class journal_connection {
 public:
  virtual ~journal_connection() = default;

  /// First call on a connection: opens a new epoch if history was set back or forked, and returns what can be read.
  virtual journal_bounds open(std::optional<known_history> known) = 0;

  /// What can be read now; unlike open() it never changes anything.
  virtual journal_bounds bounds() = 0;

  /// Ids of these topics, made where they are new, in the order of the names.
  virtual std::vector<topic> register_topics(std::span<const std::string> names) = 0;

  /// All topics of the journal, those of other relays too.
  virtual std::vector<topic> topics() = 0;

  /// Stores the events in this order, durably, in one commit, at consecutive positions. Called again with the same id
  /// it stores nothing and returns the same receipt. No two events of one batch may have the same topic and key.
  /// Also throws stale_epoch.
  virtual append_receipt append(const batch_id& id, std::span<const new_event* const> events,
                                known_keys how = known_keys::one_by_one) = 0;

  /// Moves events that services put into the outbox, in their transactions, into the journal. Each is moved once,
  /// however many relays call this. Also throws stale_epoch. Nothing is in doubt afterwards: what was moved has left the
  /// outbox, what was not is still there.
  virtual outbox_drained drain_outbox(const outbox_limits& limits) = 0;

  virtual outbox_lag measure_outbox() = 0;

  /// Removes what is beyond the limits. May wait for others' transactions for seconds, while nobody waits for it.
  /// journal_refused: the role does not own the journal's tables, or the wait was too long; what is left is removed by a
  /// later call.
  virtual retained retain(const retention_limits& limits) = 0;

  /// All consumers, by name.
  virtual std::vector<consumer> consumers() = 0;

  /// Makes the caller the one reader of this consumer: whoever was before has an older number. A consumer that is new
  /// begins at `first`.
  virtual consumer claim_consumer(const std::string& name, event_id first) = 0;

  /// Moves the cursor, if `to` is ahead of it; the epoch counts first. Nothing if there is no such consumer.
  virtual std::optional<consumer> acknowledge(const std::string& name, event_id to) = 0;

  /// Puts the cursor there, also backwards, and takes the reader's place. Nothing if there is no such consumer.
  virtual std::optional<consumer> reset_consumer(const std::string& name, event_id to) = 0;

  /// False if there was none.
  virtual bool remove_consumer(const std::string& name) = 0;

  /// Hands the events after `after` to the sink, in order and without holes, up to the limits. Returns the number of
  /// events. Never shows an event before all events with lower positions are visible.
  virtual std::size_t read_after(position_t after, page_limits limits, const event_sink& sink) = 0;

  /// One event; nothing when the position is not (or no longer) in the journal.
  virtual std::optional<stored_event> find(position_t position) = 0;

  /// Asks to be woken when something is appended, by whichever relay. Once per connection, before wait_for_news().
  virtual void listen() = 0;

  /// Waits for news, wake() or the time-out; returns the highest position announced, nothing otherwise. An announcement
  /// can get lost: look into the journal now and then all the same.
  virtual std::optional<position_t> wait_for_news(std::chrono::milliseconds at_most) = 0;

  /// Ends a wait_for_news() at once, the next one if none is under way. Any thread.
  virtual void wake() noexcept = 0;

  /// Housekeeping: room for further events, forgetting of expired idempotency keys. Short, to be called now and then.
  virtual void maintain(std::chrono::seconds idempotency_window) = 0;
};

/// A journal that connections can be made to. Every member may be called from any thread.
class journal {
 public:
  virtual ~journal() = default;

  /// Creates or upgrades the schema; several relays may try at once. Throws journal_unavailable, or
  /// journal_refused when the schema is of a version that this program does not know.
  virtual void migrate() = 0;

  /// Throws journal_unavailable, or journal_refused when the schema is missing or of an unknown version.
  virtual std::unique_ptr<journal_connection> connect() = 0;

  /// Whether services can publish inside their own transactions. If not, nobody asks the connections for their outbox.
  virtual bool has_outbox() const noexcept = 0;
};

}  // namespace event_relay
