#pragma once

#include "event_relay/core/event.hpp"
#include "event_relay/core/filter.hpp"
#include "event_relay/relay/bounded_start.hpp"
#include "event_relay/relay/completion.hpp"
#include "event_relay/relay/consumer_status.hpp"
#include "event_relay/relay/start_decision.hpp"
#include "event_relay/relay/stream_request.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace event_relay {

struct publish_receipt {
  event_id id;
  bool duplicate = false;  ///< its idempotency key had stored the same event before, at this id
};

struct batch_receipt {
  event_id first;
  event_id last;
  bool duplicate = false;     ///< all of it had been stored before
  std::vector<event_id> ids{};  ///< of each, if they have keys of their own
  std::size_t duplicates = 0; ///< how many of those had been stored before
};

/// All that HTTP may ask of the relay, and the only place where the two meet: http/ knows no actors, relay/ no sockets.
/// Every call may come from any thread and returns at once; answers come through completions.
class relay_door {
 public:
  virtual ~relay_door() = default;

  /// The topic of this name if it may be published here. Errors: unknown_topic; journal_unavailable while its id is
  /// not known yet.
  virtual result<topic_id> publishable_topic(std::string_view name) const = 0;

  /// A filter by names. Errors: unknown_topic; journal_unavailable. Null when nothing is filtered.
  virtual result<std::shared_ptr<const filter>> make_filter(std::span<const std::string> topics,
                                                            std::vector<std::string> types) const = 0;

  virtual std::string topic_name(topic_id id) const = 0;

  /// Answers after the commit. Errors: journal_unavailable, outcome_unknown, too_many_publishes,
  /// idempotency_key_reused, shutting_down, internal.
  virtual void publish(new_event event, completion<publish_receipt> done) = 0;

  /// All in one commit at consecutive positions, or none; at least one. With idempotency keys all or none of them have
  /// one, all different, and `how` says which known ones are good. The same errors.
  virtual void publish_batch(std::vector<new_event> events, known_keys how, completion<batch_receipt> done) = 0;

  /// Counts a stream against the limits. Errors: too_many_streams, too_many_streams_from_address, shutting_down.
  virtual result<std::unique_ptr<stream_permit>> admit(const std::string& client_address) = 0;

  /// Whether a stream can begin there without a gap. Errors: history_gone, journal_unavailable.
  virtual void check_start(sse::start_point start, completion<bool> done) = 0;

  /// Begins behind the newest event there is now. Taken before the client is answered, for it counts on every event that
  /// is published once it has the answer, however busy the actors are. Any thread.
  virtual sse::start_live live_start() const = 0;

  /// Finds out where such a stream starts and whether it is over. Errors: journal_unavailable.
  virtual void settle(bounded_start asked, completion<settled_start> done) = 0;

  /// Hands a connection over for good.
  virtual void subscribe(stream_request request) = 0;

  /// One event; without an epoch the current one is meant. Errors: event_not_found, event_expired, journal_unavailable.
  virtual void find(std::optional<epoch_t> epoch, position_t position, completion<stored_event> done) = 0;

  /// Errors: unknown_consumer; bad_event_id, event_not_found, event_expired and history_gone for a place that a consumer
  /// cannot be put to; journal_unavailable.
  virtual void manage(consumer_command command) = 0;

  /// Whether publishing and streaming both work.
  virtual bool ready() const = 0;
};

}  // namespace event_relay
