#pragma once

#include "event_relay/http/asio_types.hpp"
#include "event_relay/relay/completion.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace event_relay::http {

/// Suspends the coroutine until the completion that `start` is given was answered, from whichever thread, and resumes
/// it on `runs_on`. The completion answers in any case (an actor that died included), so the coroutine always resumes.
///
/// Give `start` a name and move it in: GCC 12 destroys a temporary inside a co_await expression twice.
template <class T, class Start>
awaitable<result<T>> await_answer(executor runs_on, Start start) {
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<executor>, void(result<T>)>(
      [runs_on](auto handler, auto begin) {
        // Shared, because a completion's callback is moved while Asio's handler must stay where it is (Boost 1.81).
        auto waiting = std::make_shared<decltype(handler)>(std::move(handler));
        begin(completion<T>([runs_on, waiting = std::move(waiting)](result<T> answer) {
          asio::post(runs_on, [waiting, answer = std::move(answer)]() mutable { (*waiting)(std::move(answer)); });
        }));
      },
      use_awaitable, std::move(start));
}

}  // namespace event_relay::http
