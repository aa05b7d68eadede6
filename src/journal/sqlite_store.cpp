#include "journal/sqlite_store.hpp"

namespace event_relay {
namespace {

constexpr std::chrono::seconds longest_wait_for_a_turn{5};

}  // namespace

write_turns::turn write_turns::take() {
  std::unique_lock lock{mutex_};
  const auto mine = waiting_.insert(waiting_.end(), 0);
  if (changed_.wait_for(lock, longest_wait_for_a_turn, [&] { return mine == waiting_.begin(); })) return turn{*this};
  waiting_.erase(mine);
  throw journal_refused("other writers kept the journal for too long");
}

void write_turns::give_back() noexcept {
  const std::lock_guard lock{mutex_};
  waiting_.pop_front();
  changed_.notify_all();
}

void append_news::announce(position_t head) {
  const std::lock_guard lock{mutex_};
  newest_ = head;
  ++announcements_;
  changed_.notify_all();
}

void append_news::listen(listener& one) {
  const std::lock_guard lock{mutex_};
  one.listening = true;
  one.heard = announcements_;
}

void append_news::wake(listener& one) noexcept {
  const std::lock_guard lock{mutex_};
  one.woken = true;
  changed_.notify_all();
}

bool append_news::wait(const listener& one, std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock{mutex_};
  return changed_.wait_until(lock, deadline, [&] { return one.woken || has_news(one); });
}

std::optional<position_t> append_news::take(listener& one) {
  const std::lock_guard lock{mutex_};
  if (has_news(one)) {
    one.heard = announcements_;
    return newest_;
  }
  one.woken = false;
  return std::nullopt;
}

}  // namespace event_relay
