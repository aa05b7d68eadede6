#pragma once

#include "event_relay/core/error.hpp"

#include <memory>
#include <utility>

namespace event_relay {

/// The right, and duty, to answer a caller once, from any thread. Travels inside a message; whoever lets it go without
/// an answer (a dead actor, a dropped mailbox) answers `errc::shutting_down` by that, so no request ever hangs.
///
/// The callback must not block and not throw; it is called in the answering thread.
template <class T>
class completion {
 public:
  completion() = default;

  template <class Callback>
  explicit completion(Callback callback) : callback_(std::make_unique<holder<Callback>>(std::move(callback))) {}

  completion(completion&&) noexcept = default;
  completion& operator=(completion&& other) noexcept {
    abandon();
    callback_ = std::move(other.callback_);
    return *this;
  }
  ~completion() { abandon(); }

  void operator()(result<T> answer) {
    if (const auto callback = std::exchange(callback_, nullptr)) callback->call(std::move(answer));
  }

 private:
  struct base {
    virtual ~base() = default;
    virtual void call(result<T> answer) = 0;
  };
  template <class Callback>
  struct holder final : base {
    explicit holder(Callback c) : callback(std::move(c)) {}
    void call(result<T> answer) override { callback(std::move(answer)); }
    Callback callback;
  };

  void abandon() {
    if (callback_) (*this)(errc::shutting_down);
  }

  std::unique_ptr<base> callback_;
};

}  // namespace event_relay
