#pragma once

#include "event_relay/core/config.hpp"
#include "event_relay/core/counters.hpp"
#include "event_relay/journal/journal.hpp"
#include "event_relay/relay/relay_door.hpp"
#include "event_relay/relay/relay_report.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace event_relay {

/// The running relay: the actor system with all its actors, behind the door. All references must outlive it.
class relay final : public relay_door {
 public:
  /// Starts the actors. `on_fatal` is called from another thread, at most once, when the journal can never be used.
  /// `standby`: a journal that follows this one, for replays; null: there is none.
  relay(const config& configuration, journal& log, counters& counted,
        std::function<void(const std::string& why)> on_fatal, journal* standby = nullptr);
  /// Stops what is still running; streams that are open are cut off.
  ~relay() override;

  result<topic_id> publishable_topic(std::string_view name) const override;
  result<std::shared_ptr<const filter>> make_filter(std::span<const std::string> topics,
                                                    std::vector<std::string> types) const override;
  std::string topic_name(topic_id id) const override;
  void publish(new_event event, completion<publish_receipt> done) override;
  void publish_batch(std::vector<new_event> events, known_keys how, completion<batch_receipt> done) override;
  result<std::unique_ptr<stream_permit>> admit(const std::string& client_address) override;
  void check_start(sse::start_point start, completion<bool> done) override;
  sse::start_live live_start() const override;
  void settle(bounded_start asked, completion<settled_start> done) override;
  void subscribe(stream_request request) override;
  void find(std::optional<epoch_t> epoch, position_t position, completion<stored_event> done) override;
  void manage(consumer_command command) override;
  bool ready() const override;

  /// How things stand. Any thread; asks nobody.
  relay_report report() const;

  /// Answers true from an actor, however much the actors have to do; never while none of them runs any more. Any thread.
  void echo(completion<bool> done);

  /// From now on ready() is false and no stream is admitted.
  void refuse_streams();

  /// Closes all streams on a frame boundary, spread over `period`. False: some were still open at the deadline.
  bool drain(std::chrono::milliseconds period, std::chrono::milliseconds deadline);

  /// Cuts off what is open and waits until every handler is gone. Sockets may only be destroyed after this.
  void stop_streams();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace event_relay
