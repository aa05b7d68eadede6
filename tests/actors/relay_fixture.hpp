#pragma once

#include "event_relay/relay/relay.hpp"
#include "support/memory_journal.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace event_relay::test {

using namespace std::chrono_literals;

/// What a client of a running relay has received so far; the test waits for what it expects. Thread-safe.
class remote_client {
 public:
  /// False: it did not come in time.
  bool receives(const std::string& text) {
    return wait([&] { return received_.find(text) != std::string::npos; });
  }
  bool is_closed() {
    return wait([&] { return closed_; });
  }
  std::string received() const {
    const std::scoped_lock lock(mutex_);
    return received_;
  }

 private:
  friend class remote_stream;

  template <class Condition>
  bool wait(Condition condition) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, condition);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string received_;
  bool closed_ = false;
};

class remote_stream final : public client_stream {
 public:
  explicit remote_stream(std::shared_ptr<remote_client> client) : client_(std::move(client)) {}
  ~remote_stream() override { close(ending::abrupt); }

  std::optional<std::size_t> try_write(std::span<const iovec> buffers) override {
    const std::scoped_lock lock(client_->mutex_);
    std::size_t bytes = 0;
    for (const auto& buffer : buffers) {
      client_->received_.append(static_cast<const char*>(buffer.iov_base), buffer.iov_len);
      bytes += buffer.iov_len;
    }
    client_->changed_.notify_all();
    return bytes;
  }
  void notify_when_writable(std::function<void()>) override {}
  void notify_when_closed(std::function<void(bool)>) override {}
  bool peer_is_there() override { return true; }
  void close(ending) override {
    const std::scoped_lock lock(client_->mutex_);
    client_->closed_ = true;
    client_->changed_.notify_all();
  }

 private:
  const std::shared_ptr<remote_client> client_;
};

/// A whole relay with its threads on a journal in memory.
class relay_fixture : public testing::Test {
 protected:
  relay_fixture() {
    configuration.journal.url = "memory";
    configuration.journal.poll_interval = 20ms;
    configuration.journal.reconnect_max = 5ms;
    configuration.threads = 2;
  }

  std::unique_ptr<relay> start() {
    return std::make_unique<relay>(configuration, journal, counted,
                                   [this](const std::string& why) { fatal.set_value(why); });
  }
  static bool becomes(const relay& one, bool ready) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (one.ready() != ready && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    return one.ready() == ready;
  }
  std::unique_ptr<relay> started() {
    auto one = start();
    EXPECT_TRUE(becomes(*one, true));
    return one;
  }

  template <class T, class Ask>
  static result<T> answer_to(Ask ask) {
    std::promise<result<T>> promise;
    auto answer = promise.get_future();
    ask(completion<T>([&promise](result<T> given) { promise.set_value(std::move(given)); }));
    if (answer.wait_for(20s) != std::future_status::ready) std::abort();  // the promise must not be left to somebody
    return answer.get();
  }
  static result<publish_receipt> publish(relay& one, std::string data, std::string key = {}) {
    const auto topic = one.publishable_topic("reservations");
    if (!topic) return topic.error();
    return answer_to<publish_receipt>([&](auto done) {
      one.publish({*topic, {}, std::move(key), std::move(data)}, std::move(done));
    });
  }
  static result<stored_event> find(relay& one, std::optional<epoch_t> epoch, position_t position) {
    return answer_to<stored_event>([&](auto done) { one.find(epoch, position, std::move(done)); });
  }
  static result<bool> check(relay& one, sse::start_point start) {
    return answer_to<bool>([&](auto done) { one.check_start(std::move(start), std::move(done)); });
  }

  std::shared_ptr<remote_client> subscribe(relay& one, sse::start_point start = sse::start_earliest{}) {
    auto client = std::make_shared<remote_client>();
    stream_request request;
    request.stream = std::make_unique<remote_stream>(client);
    auto permit = one.admit("address");
    if (permit) request.permit = std::move(*permit);
    request.unsent = "head";
    request.start = std::move(start);
    request.framing = sse::body_framing::close_delimited;
    one.subscribe(std::move(request));
    return client;
  }

  config configuration;
  counters counted;
  memory_journal journal;
  std::promise<std::string> fatal;
};

}  // namespace event_relay::test
