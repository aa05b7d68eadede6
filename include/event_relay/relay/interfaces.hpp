#pragma once

// The whole vocabulary of the actors: which messages there are, and who takes which.

#include "event_relay/core/counters.hpp"
#include "event_relay/journal/journal.hpp"
#include "event_relay/relay/completion.hpp"
#include "event_relay/relay/log_segment.hpp"
#include "event_relay/relay/relay_door.hpp"
#include "event_relay/relay/reminders.hpp"
#include "event_relay/relay/stream_request.hpp"

#include <boost/container/small_vector.hpp>
#include <caf/all.hpp>

#include <chrono>
#include <memory>
#include <variant>

namespace event_relay {

// Texts equal the names, at most ten characters: CAF 0.17 tells atoms apart by their text.
using advanced_atom = caf::atom_constant<caf::atom("advanced")>;
using ahead_atom = caf::atom_constant<caf::atom("ahead")>;
using bounds_atom = caf::atom_constant<caf::atom("bounds")>;
using claim_atom = caf::atom_constant<caf::atom("claim")>;
using consumer_atom = caf::atom_constant<caf::atom("consumer")>;
using drain_atom = caf::atom_constant<caf::atom("drain")>;
using echo_atom = caf::atom_constant<caf::atom("echo")>;
using find_atom = caf::atom_constant<caf::atom("find")>;
using flush_atom = caf::atom_constant<caf::atom("flush")>;
using follow_atom = caf::atom_constant<caf::atom("follow")>;
using go_on_atom = caf::atom_constant<caf::atom("go_on")>;
using open_atom = caf::atom_constant<caf::atom("open")>;
using page_atom = caf::atom_constant<caf::atom("page")>;
using peer_gone_atom = caf::atom_constant<caf::atom("peer_gone")>;
using publish_atom = caf::atom_constant<caf::atom("publish")>;
using retain_atom = caf::atom_constant<caf::atom("retain")>;
using settle_atom = caf::atom_constant<caf::atom("settle")>;
using stop_atom = caf::atom_constant<caf::atom("stop")>;
using survey_atom = caf::atom_constant<caf::atom("survey")>;
using superseded_atom = caf::atom_constant<caf::atom("superseded")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;
using turn_atom = caf::atom_constant<caf::atom("turn")>;

/// A page of the journal for a replay, or the news that retention has overtaken it.
struct replay_page {
  epoch_t epoch = 0;                                ///< history it was read from
  std::shared_ptr<const log_segment> events;        ///< starts right after the position asked for; may be empty
  bool with_metadata = false;                       ///< as in page_limits
  position_t removed_up_to = 0;                     ///< above the position asked for: retention has overtaken it
};

/// What one publisher has sent: stored in one commit, at consecutive positions, or not at all.
struct publish_command {
  boost::container::small_vector<new_event, 1> events;
  completion<batch_receipt> done;
  known_keys how = known_keys::one_by_one;  ///< others cannot share their commit
  std::chrono::steady_clock::time_point accepted_at{};
};

/// Why a reader is not its consumer's any more.
enum class supersession { another_reader, reset, removal };

/// Where a bounded stream starts, for who waits to answer its request.
struct settle_request {
  start_search search;
  completion<settled_start> done;
};

using settle_request_ptr = std::shared_ptr<settle_request>;
struct claim_request;

using claim_request_ptr = std::shared_ptr<const claim_request>;
using consumer_ptr = std::shared_ptr<const consumer>;
using consumer_command_ptr = std::shared_ptr<consumer_command>;
using replay_page_ptr = std::shared_ptr<const replay_page>;
using bounds_ptr = std::shared_ptr<const journal_bounds>;
using publish_command_ptr = std::shared_ptr<publish_command>;
using stream_request_ptr = std::shared_ptr<stream_request>;
using bounds_completion_ptr = std::shared_ptr<completion<journal_bounds>>;
using drained_ptr = std::shared_ptr<completion<bool>>;
using echo_ptr = std::shared_ptr<completion<bool>>;
using find_completion_ptr = std::shared_ptr<completion<stored_event>>;

/// One subscriber: cursor, replay, heartbeat, closed check. Pooled.
using connection_handler_actor = caf::typed_actor<
    caf::reacts_to<advanced_atom, epoch_t, position_t>,  // the log has grown; nothing for you up to there
    caf::reacts_to<go_on_atom>,                       // from itself after others had their turn; from a socket with room
    caf::reacts_to<peer_gone_atom, bool>,             // from the socket; true: it sent too much
    caf::reacts_to<turn_atom, turn>,                  // from the holder: a reminder is due
    caf::reacts_to<page_atom, replay_page_ptr>,       // from a reader
    caf::reacts_to<bounds_atom, bounds_ptr>,          // from a reader
    caf::reacts_to<claim_atom, consumer_ptr>,         // from the keeper: you are its reader
    caf::reacts_to<superseded_atom, supersession>,    // from the keeper: not any more
    caf::reacts_to<stop_atom, close_reason>>;         // at once

/// A subscriber wants to be the reader of a consumer.
struct claim_request {
  std::string consumer;
  sse::start_point first;  ///< if it is new
  gap_policy on_gap = gap_policy::earliest;
  connection_handler_actor handler;
};

/// Knows every handler, wakes those an event is for, and those whose time has come. Pooled.
using connection_holder_actor = caf::typed_actor<
    caf::reacts_to<open_atom, stream_request_ptr>,
    caf::reacts_to<advanced_atom>,                    // the log tail has grown, or its history has changed
    caf::reacts_to<tick_atom>,
    caf::reacts_to<drain_atom, std::chrono::milliseconds, drained_ptr>,  // close all, spread over this time
    caf::reacts_to<echo_atom, echo_ptr>,              // answer that you run
    caf::reacts_to<stop_atom>>;

/// Stores events by group commit. Detached.
using journal_writer_actor = caf::typed_actor<caf::reacts_to<publish_atom, publish_command_ptr>,
                                              caf::reacts_to<flush_atom>, caf::reacts_to<stop_atom>>;

/// Reads the journal for replays and single events. Detached.
using journal_reader_actor =
    caf::typed_actor<caf::reacts_to<page_atom, position_t, bool, connection_handler_actor>,  // true: with metadata
                     caf::reacts_to<ahead_atom, position_t, bool>,  // this page will be asked for next
                     caf::reacts_to<bounds_atom, connection_handler_actor>,
                     caf::reacts_to<bounds_atom, bounds_completion_ptr>,
                     caf::reacts_to<find_atom, position_t, find_completion_ptr>,
                     caf::reacts_to<settle_atom, settle_request_ptr>,
                     caf::reacts_to<stop_atom>>;

/// Moves events from the outbox into the journal. Detached.
using outbox_drainer_actor = caf::typed_actor<caf::reacts_to<drain_atom>, caf::reacts_to<stop_atom>>;

/// Sees to named consumers. Detached.
using consumer_keeper_actor = caf::typed_actor<caf::reacts_to<claim_atom, claim_request_ptr>,
                                               caf::reacts_to<consumer_atom, consumer_command_ptr>,
                                               caf::reacts_to<tick_atom>, caf::reacts_to<survey_atom>,
                                               caf::reacts_to<stop_atom>>;

/// Removes what is older than the journal is to remember. Detached.
using retention_keeper_actor = caf::typed_actor<caf::reacts_to<retain_atom>, caf::reacts_to<stop_atom>>;

/// Follows the journal in order and appends to the log tail. Detached.
using journal_tailer_actor = caf::typed_actor<caf::reacts_to<follow_atom>, caf::reacts_to<stop_atom>>;

}  // namespace event_relay

// Shared by pointer inside the process; nothing here ever crosses a network, so nothing is serialised.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::turn)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::close_reason)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::replay_page_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::bounds_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::publish_command_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::stream_request_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::bounds_completion_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::find_completion_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::drained_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::claim_request_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::consumer_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::consumer_command_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::supersession)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::settle_request_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(event_relay::connection_handler_actor)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::chrono::milliseconds)
