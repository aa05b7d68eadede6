#include "http/scripted_door.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>

namespace event_relay::test {

class scripted_door::permit final : public stream_permit {
 public:
  explicit permit(scripted_door& door) : door_(door) {
    ++door_.permits_;  // admit() holds the lock
  }
  ~permit() override {
    const std::lock_guard lock(door_.mutex_);
    --door_.permits_;
  }

 private:
  scripted_door& door_;
};

template <class T>
T scripted_door::next(std::deque<T>& queue) {
  std::unique_lock lock(mutex_);
  if (!asked_.wait_for(lock, std::chrono::seconds(10), [&] { return !queue.empty(); }))
    throw std::runtime_error("the relay was not asked");
  T first = std::move(queue.front());
  queue.pop_front();
  return first;
}

template <class T>
void scripted_door::ask(std::deque<T>& queue, T asked) {
  const std::lock_guard lock(mutex_);
  queue.push_back(std::move(asked));
  asked_.notify_all();
}

void scripted_door::plays(script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

scripted_door::asked_publish scripted_door::next_publish() { return next(publishes_); }
scripted_door::asked_batch scripted_door::next_batch() { return next(batches_); }
stream_request scripted_door::next_stream() { return next(streams_); }
scripted_door::asked_event scripted_door::next_event() { return next(events_); }
completion<bool> scripted_door::next_start_check() { return next(checks_); }
consumer_command scripted_door::next_command() { return next(commands_); }

void scripted_door::manage(consumer_command command) { ask(commands_, std::move(command)); }

bool scripted_door::idle() const {
  const std::lock_guard lock(mutex_);
  return publishes_.empty() && batches_.empty() && streams_.empty() && events_.empty() && checks_.empty() &&
         commands_.empty();
}

void scripted_door::forget_all() {
  std::unique_lock lock(mutex_);
  const auto publishes = std::exchange(publishes_, {});
  const auto batches = std::exchange(batches_, {});
  const auto streams = std::exchange(streams_, {});
  const auto events = std::exchange(events_, {});
  const auto checks = std::exchange(checks_, {});
  const auto commands = std::exchange(commands_, {});
  lock.unlock();  // their destructors answer, and return permits
}

int scripted_door::permits() const {
  const std::lock_guard lock(mutex_);
  return permits_;
}

std::string scripted_door::last_address() const {
  const std::lock_guard lock(mutex_);
  return last_address_;
}

result<topic_id> scripted_door::publishable_topic(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  if (script_.topics != errc{}) return script_.topics;
  if (name == "reservations") return topic_id{1};
  if (name == "orders") return topic_id{2};
  return errc::unknown_topic;
}

result<std::shared_ptr<const filter>> scripted_door::make_filter(std::span<const std::string> topics,
                                                                 std::vector<std::string> types) const {
  if (topics.empty() && types.empty()) return std::shared_ptr<const filter>();
  auto wanted = std::make_shared<filter>();
  for (const auto& name : topics) {
    const auto id = publishable_topic(name);
    if (!id) return id.error();
    wanted->topics.push_back(*id);
  }
  wanted->types = std::move(types);
  return std::shared_ptr<const filter>(std::move(wanted));
}

void scripted_door::publish(new_event event, completion<publish_receipt> done) {
  std::unique_lock lock(mutex_);
  const auto receipt = script_.receipt;
  lock.unlock();
  if (receipt) return done(*receipt);
  ask(publishes_, asked_publish{std::move(event), std::move(done)});
}

void scripted_door::publish_batch(std::vector<new_event> events, known_keys how, completion<batch_receipt> done) {
  std::unique_lock lock(mutex_);
  const auto receipt = script_.batch;
  lock.unlock();
  if (receipt) return done(*receipt);
  ask(batches_, asked_batch{std::move(events), how, std::move(done)});
}

result<std::unique_ptr<stream_permit>> scripted_door::admit(const std::string& client_address) {
  const std::lock_guard lock(mutex_);
  last_address_ = client_address;
  if (script_.admission) return *script_.admission;
  return std::unique_ptr<stream_permit>(std::make_unique<permit>(*this));
}

void scripted_door::check_start(sse::start_point, completion<bool> done) {
  std::unique_lock lock(mutex_);
  const auto start = script_.start;
  lock.unlock();
  if (start) return done(*start);
  ask(checks_, std::move(done));
}

void scripted_door::settle(bounded_start asked, completion<settled_start> done) {
  std::unique_lock lock(mutex_);
  auto settled = script_.settled;
  if (!settled) settled = settled_start{asked.came_back.value_or(asked.named), asked.limit};
  last_settled_ = std::move(asked);
  lock.unlock();
  done(std::move(*settled));
}

bounded_start scripted_door::last_settled() const {
  const std::lock_guard lock(mutex_);
  return last_settled_;
}

void scripted_door::subscribe(stream_request request) { ask(streams_, std::move(request)); }

void scripted_door::find(std::optional<epoch_t> epoch, position_t position, completion<stored_event> done) {
  std::unique_lock lock(mutex_);
  const auto event = script_.event;
  lock.unlock();
  if (event) return done(*event);
  ask(events_, asked_event{epoch, position, std::move(done)});
}

bool scripted_door::ready() const {
  const std::lock_guard lock(mutex_);
  return script_.ready;
}

}  // namespace event_relay::test
