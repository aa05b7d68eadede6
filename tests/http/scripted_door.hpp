#pragma once

#include "event_relay/relay/relay_door.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace event_relay::test {

/// The relay as HTTP sees it, played by a test. What is asked of it waits until the test answers, unless the script has
/// the answer. Topics: reservations is 1, orders is 2. Thread-safe.
class scripted_door final : public relay_door {
 public:
  struct script {
    bool ready = true;
    errc topics{};                           ///< refuses every look-up of a topic
    std::optional<errc> admission{};          ///< refuses streams
    std::optional<result<bool>> start{};      ///< answers check_start() at once
    std::optional<result<publish_receipt>> receipt{};
    std::optional<result<stored_event>> event{};
    std::optional<result<batch_receipt>> batch{};
    std::optional<result<settled_start>> settled{};  ///< nothing: the start that the URL names
  };
  struct asked_publish {
    new_event event;
    completion<publish_receipt> done;
  };
  struct asked_batch {
    std::vector<new_event> events;
    known_keys how;
    completion<batch_receipt> done;
  };
  struct asked_event {
    std::optional<epoch_t> epoch;
    position_t position;
    completion<stored_event> done;
  };

  void plays(script script);

  /// These wait for the next request of the kind; they throw when none comes.
  asked_publish next_publish();
  asked_batch next_batch();
  stream_request next_stream();
  asked_event next_event();
  completion<bool> next_start_check();
  consumer_command next_command();

  /// What was handed over or is waited for, unnoticed by the test.
  bool idle() const;
  /// Every request that waits is dropped, as by a relay that ends.
  void forget_all();
  int permits() const;
  std::string last_address() const;
  /// What settle() was last asked for.
  bounded_start last_settled() const;

  result<topic_id> publishable_topic(std::string_view name) const override;
  result<std::shared_ptr<const filter>> make_filter(std::span<const std::string> topics,
                                                    std::vector<std::string> types) const override;
  std::string topic_name(topic_id id) const override { return id == topic_id{2} ? "orders" : "reservations"; }
  void publish(new_event event, completion<publish_receipt> done) override;
  void publish_batch(std::vector<new_event> events, known_keys how, completion<batch_receipt> done) override;
  result<std::unique_ptr<stream_permit>> admit(const std::string& client_address) override;
  void check_start(sse::start_point start, completion<bool> done) override;
  sse::start_live live_start() const override { return {4711, 8}; }
  void settle(bounded_start asked, completion<settled_start> done) override;
  void subscribe(stream_request request) override;
  void find(std::optional<epoch_t> epoch, position_t position, completion<stored_event> done) override;
  void manage(consumer_command command) override;
  bool ready() const override;

 private:
  class permit;

  template <class T>
  T next(std::deque<T>& queue);
  template <class T>
  void ask(std::deque<T>& queue, T asked);

  mutable std::mutex mutex_;
  std::condition_variable asked_;
  script script_;
  std::deque<asked_publish> publishes_;
  std::deque<asked_batch> batches_;
  std::deque<stream_request> streams_;
  std::deque<asked_event> events_;
  std::deque<completion<bool>> checks_;
  std::deque<consumer_command> commands_;
  int permits_ = 0;
  std::string last_address_;
  bounded_start last_settled_;
};

}  // namespace event_relay::test
