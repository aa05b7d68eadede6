#include "support/memory_journal.hpp"

#include "support/memory_log.hpp"

#include <algorithm>

namespace event_relay::test {
namespace {

class memory_connection final : public journal_connection {
 public:
  explicit memory_connection(std::shared_ptr<memory_log> log) : log_{std::move(log)} {
    const std::lock_guard lock{log_->mutex};
    if (log_->away) throw journal_unavailable("the journal is away");
    generation_ = log_->generation;
    ++log_->connections;
  }

  ~memory_connection() override {
    const std::lock_guard lock{log_->mutex};
    --log_->connections;
  }

  journal_bounds open(std::optional<known_history> known) override {
    const auto lock = use();
    log_->open_epoch(known);
    epoch_ = log_->epochs.back().epoch;
    return log_->bounds();
  }

  journal_bounds bounds() override {
    const auto lock = use();
    return log_->bounds();
  }

  std::vector<topic> register_topics(std::span<const std::string> names) override {
    const auto lock = use();
    return log_->register_topics(names);
  }

  std::vector<topic> topics() override {
    const auto lock = use();
    return log_->topics;
  }

  append_receipt append(const batch_id& id, std::span<const new_event* const> events, known_keys how) override {
    const auto lock = use();
    if (epoch_ != log_->epochs.back().epoch) throw stale_epoch("the epoch of this connection is over");
    if (events.empty()) return {epoch_, {}, {}};
    auto receipt = log_->append(id, events, how);
    if (std::exchange(log_->lose_next_answer, false)) {
      dead_ = true;
      throw journal_unavailable("the answer to the commit got lost");
    }
    return receipt;
  }

  outbox_drained drain_outbox(const outbox_limits& limits) override {
    const auto lock = use();
    if (epoch_ != log_->epochs.back().epoch) throw stale_epoch("the epoch of this connection is over");
    if (log_->outbox_refused) throw journal_refused("permission denied");
    return log_->drain(limits);
  }

  outbox_lag measure_outbox() override {
    const auto lock = use();
    return {log_->outbox.size(), std::chrono::milliseconds(log_->outbox.empty() ? 0 : 1)};
  }

  std::vector<consumer> consumers() override {
    const auto lock = use();
    std::vector<consumer> all;
    for (const auto& [name, one] : log_->consumers) all.push_back(one);
    return all;
  }

  consumer claim_consumer(const std::string& name, event_id first) override {
    const auto lock = use();
    const auto now = log_->now();
    auto& one = log_->consumers.try_emplace(name, consumer{name, first, 0, now, now}).first->second;
    one.reader = ++log_->claims;
    return one;
  }

  std::optional<consumer> acknowledge(const std::string& name, event_id to) override {
    const auto lock = use();
    const auto found = log_->consumers.find(name);
    if (found == log_->consumers.end()) return std::nullopt;
    auto& cursor = found->second.cursor;
    if (std::pair(cursor.epoch, cursor.position) < std::pair(to.epoch, to.position)) {
      cursor = to;
      found->second.acked_at = log_->now();
    }
    return found->second;
  }

  std::optional<consumer> reset_consumer(const std::string& name, event_id to) override {
    const auto lock = use();
    const auto found = log_->consumers.find(name);
    if (found == log_->consumers.end()) return std::nullopt;
    found->second.cursor = to;
    found->second.acked_at = log_->now();
    found->second.reader = ++log_->claims;
    return found->second;
  }

  bool remove_consumer(const std::string& name) override {
    const auto lock = use();
    return log_->consumers.erase(name) > 0;
  }

  retained retain(const retention_limits& limits) override {
    const auto lock = use();
    auto last = limits.max_events > 0 ? log_->head() - std::min<position_t>(log_->head(), limits.max_events) : 0;
    for (const auto& [name, one] : log_->consumers)
      if (!limits.overtake_consumers) last = std::min(last, one.cursor.position);
    if (last > log_->floor) log_->drop_up_to(last);
    return {log_->floor, log_->floor > 0 ? 1U : 0U};
  }

  std::size_t read_after(position_t after, page_limits limits, const event_sink& sink) override {
    // Copied, because the sink may well use the journal.
    std::vector<std::pair<position_t, memory_log::event>> page;
    {
      const auto lock = use();
      if (limits.epoch != 0 && log_->bounds().current_epoch() != limits.epoch) return 0;
      std::size_t bytes = 0;
      for (auto position = std::max(after, log_->floor); page.size() < std::max<std::size_t>(limits.events, 1);) {
        const auto* event = log_->find(++position);
        if (event == nullptr) break;
        bytes += event->data.size();
        if (!page.empty() && bytes > limits.bytes) break;
        page.emplace_back(position, *event);
      }
    }
    for (const auto& [position, event] : page) {
      event_view view{position, event.topic, event.type, event.data, {}, {}};
      if (limits.with_metadata) view.stored_at = event.stored_at, view.attributes = event.attributes;
      sink(view);
    }
    return page.size();
  }

  std::optional<stored_event> find(position_t position) override {
    const auto lock = use();
    const auto* event = log_->find(position);
    if (event == nullptr) return std::nullopt;
    const auto epoch = log_->bounds().epoch_of(position);
    return stored_event{{epoch, position}, event->topic, event->type, event->data, event->stored_at, event->attributes};
  }

  void listen() override {
    const auto lock = use();
    announced_ = log_->head();
    listening_ = true;
  }

  std::optional<position_t> wait_for_news(std::chrono::milliseconds at_most) override {
    auto lock = use();
    const auto something = [&] {
      announced_ = std::min(announced_, log_->head());
      return is_dead() || woken_ || (listening_ && log_->head() > announced_);
    };
    log_->changed.wait_for(lock, at_most, something);
    require_alive();
    if (listening_ && log_->head() > announced_) return announced_ = log_->head();
    woken_ = false;
    return std::nullopt;
  }

  void wake() noexcept override {
    const std::lock_guard lock{log_->mutex};
    woken_ = true;
    log_->changed.notify_all();
  }

  void maintain(std::chrono::seconds idempotency_window) override {
    const auto lock = use();
    log_->forget_expired(idempotency_window);
  }

 private:
  bool is_dead() const noexcept { return dead_ || log_->away || generation_ != log_->generation; }

  void require_alive() const {
    if (is_dead()) throw journal_unavailable("the connection to the journal is lost");
  }

  std::unique_lock<std::mutex> use() const {
    std::unique_lock lock{log_->mutex};
    require_alive();
    return lock;
  }

  const std::shared_ptr<memory_log> log_;
  std::uint64_t generation_ = 0;
  bool dead_ = false;
  epoch_t epoch_ = 0;
  bool listening_ = false;
  bool woken_ = false;
  position_t announced_ = 0;
};

}  // namespace

memory_journal::memory_journal() : log_{std::make_shared<memory_log>()} {
  log_->epochs.push_back({first_epoch, 1});
}
memory_journal::~memory_journal() = default;

void memory_journal::migrate() {
  const std::lock_guard lock{log_->mutex};
  if (log_->away) throw journal_unavailable("the journal is away");
}

std::unique_ptr<journal_connection> memory_journal::connect() {
  return std::make_unique<memory_connection>(log_);
}

void memory_journal::go_away() {
  const std::lock_guard lock{log_->mutex};
  log_->away = true;
  ++log_->generation;
  log_->changed.notify_all();
}

void memory_journal::come_back() {
  const std::lock_guard lock{log_->mutex};
  log_->away = false;
}

void memory_journal::lose_next_commit_answer() {
  const std::lock_guard lock{log_->mutex};
  log_->lose_next_answer = true;
}

void memory_journal::begin_new_epoch(position_t first_position) {
  const std::lock_guard lock{log_->mutex};
  log_->drop_after(first_position - 1);
  log_->epochs.push_back({log_->epochs.back().epoch + 1, log_->head() + 1});
}

void memory_journal::set_back_to(position_t head) {
  const std::lock_guard lock{log_->mutex};
  log_->drop_after(head);
}

void memory_journal::remove_up_to(position_t position) {
  const std::lock_guard lock{log_->mutex};
  log_->drop_up_to(position);
}

void memory_journal::set_time(timestamp now) {
  const std::lock_guard lock{log_->mutex};
  log_->set_time = now;
}

void memory_journal::put_into_outbox(std::string topic, std::string type, std::string data, std::string key) {
  const std::lock_guard lock{log_->mutex};
  log_->outbox.push_back({std::move(topic), std::move(type), std::move(key), std::move(data)});
  log_->outbox_used = true;
}

void memory_journal::fill_up(bool full) {
  const std::lock_guard lock{log_->mutex};
  log_->is_full = full;
}

void memory_journal::refuse_outbox(bool refuse) {
  const std::lock_guard lock{log_->mutex};
  log_->outbox_refused = refuse;
}

std::vector<std::string> memory_journal::dead_letters() const {
  const std::lock_guard lock{log_->mutex};
  std::vector<std::string> letters;
  for (const auto& [row, reason] : log_->dead_letters) letters.push_back(row.data + ": " + name_of(reason));
  return letters;
}

std::size_t memory_journal::open_connections() const {
  const std::lock_guard lock{log_->mutex};
  return log_->connections;
}

}  // namespace event_relay::test
