#include "event_relay/relay/relay.hpp"

#include "event_relay/core/log.hpp"
#include "event_relay/relay/connection_holder.hpp"
#include "event_relay/relay/consumer_keeper.hpp"
#include "event_relay/relay/journal_reader.hpp"
#include "event_relay/relay/journal_tailer.hpp"
#include "event_relay/relay/journal_writer.hpp"
#include "event_relay/relay/outbox_drainer.hpp"
#include "event_relay/relay/relay_context.hpp"
#include "event_relay/relay/retention_keeper.hpp"
#include "event_relay/relay/stream_limits.hpp"
#include "relay/actor_settings.hpp"

#include <algorithm>
#include <future>
#include <thread>
#include <unordered_set>

namespace event_relay {
namespace {

void pass_on(result<batch_receipt> answer, completion<batch_receipt>& done) { done(std::move(answer)); }
void pass_on(result<batch_receipt> answer, completion<publish_receipt>& done) {
  if (!answer) return done(answer.error());
  done(publish_receipt{answer->first, answer->duplicate});
}

/// Counts what is published from the door to its answer.
template <class Receipt>
completion<batch_receipt> counted_until_answered(counters& counted, std::int64_t events, std::int64_t bytes,
                                                 completion<Receipt> done) {
  counted.publishes_waiting += events;
  counted.publish_bytes_waiting += bytes;
  return completion<batch_receipt>([&counted, events, bytes, done = std::move(done)](auto answer) mutable {
    counted.publishes_waiting -= events;
    counted.publish_bytes_waiting -= bytes;
    pass_on(std::move(answer), done);
  });
}

}  // namespace

struct relay::impl {
  impl(const config& options, journal& log, counters& counted)
      : configuration(options),
        publishable(options.topics.begin(), options.topics.end()),
        limits(options.stream, counted),
        context(options, log, counted),
        settings(options.threads),
        system(std::make_unique<caf::actor_system>(settings)) {}

  const config& configuration;
  const std::unordered_set<std::string_view> publishable;  // topics; looked up for every event
  stream_limits limits;
  relay_context context;
  actor_settings settings;
  std::unique_ptr<caf::actor_system> system;
  bool streams_stopped = false;

  template <class Receipt>
  void publish(std::shared_ptr<publish_command> command, completion<Receipt> done);

  void start() {
    context.holder = system->spawn(connection_holder, &context);
    for (unsigned i = 0; i < configuration.journal.readers; ++i)
      context.readers.push_back(system->spawn<caf::detached>(journal_reader, &context));
    context.tailer = system->spawn<caf::detached>(journal_tailer, &context);
    context.writer = system->spawn<caf::detached>(journal_writer, &context);
    context.consumers = system->spawn<caf::detached>(consumer_keeper, &context);
    if (configuration.outbox.enabled != outbox_use::never && context.the_journal.has_outbox())
      context.drainer = system->spawn<caf::detached>(outbox_drainer, &context);
    if (configuration.retention.limits_anything())
      context.keeper = system->spawn<caf::detached>(retention_keeper, &context);
  }

  template <class Handle>
  static void stop_and_wait(caf::scoped_actor& waiter, Handle& actor) {
    if (!actor) return;
    caf::anon_send(actor, stop_atom::value);
    waiter->wait_for(actor);
    actor = Handle();
  }
};

relay::relay(const config& configuration, journal& log, counters& counted,
             std::function<void(const std::string&)> on_fatal, journal* standby)
    : impl_(std::make_unique<impl>(configuration, log, counted)) {
  impl_->context.standby = standby;
  impl_->context.on_fatal = std::move(on_fatal);
  impl_->start();
}

relay::~relay() {
  stop_streams();
  auto& context = impl_->context;
  context.stopping.stop();
  {
    caf::scoped_actor waiter(*impl_->system);
    impl::stop_and_wait(waiter, context.writer);
    impl::stop_and_wait(waiter, context.tailer);
    impl::stop_and_wait(waiter, context.drainer);
    impl::stop_and_wait(waiter, context.keeper);
    impl::stop_and_wait(waiter, context.consumers);
    for (auto& reader : context.readers) impl::stop_and_wait(waiter, reader);
    context.readers.clear();
    context.holder = connection_holder_actor();  // only now: the writer and the tailer send to it
  }
  impl_->system.reset();
}

result<topic_id> relay::publishable_topic(std::string_view name) const {
  if (!impl_->publishable.contains(name)) return errc::unknown_topic;
  const auto id = impl_->context.status.id_of(name);
  if (!id) return errc::journal_unavailable;
  return *id;
}

result<std::shared_ptr<const filter>> relay::make_filter(std::span<const std::string> topics,
                                                         std::vector<std::string> types) const {
  if (topics.empty() && types.empty()) return std::shared_ptr<const filter>();
  auto wanted = std::make_shared<filter>();
  wanted->types = std::move(types);
  for (const auto& name : topics) {
    const auto id = impl_->context.status.id_of(name);
    if (!id) return impl_->context.status.bounds() ? errc::unknown_topic : errc::journal_unavailable;
    if (std::ranges::find(wanted->topics, *id) == wanted->topics.end()) wanted->topics.push_back(*id);
  }
  return std::shared_ptr<const filter>(std::move(wanted));
}

std::string relay::topic_name(topic_id id) const { return impl_->context.status.name_of(id); }

void relay::publish(new_event event, completion<publish_receipt> done) {
  auto command = std::make_shared<publish_command>();
  command->events.push_back(std::move(event));
  impl_->publish(std::move(command), std::move(done));
}

void relay::publish_batch(std::vector<new_event> events, known_keys how, completion<batch_receipt> done) {
  auto command = std::make_shared<publish_command>();
  command->events.assign(std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
  command->how = how;
  impl_->publish(std::move(command), std::move(done));
}

template <class Receipt>
void relay::impl::publish(std::shared_ptr<publish_command> command, completion<Receipt> done) {
  const auto& limits = configuration.publish;
  // The tailer waits on its connection, so it knows at once that the database has gone; the writer would learn of it in
  // the middle of a commit, and that commit would be in doubt.
  if (!context.status.writable || !context.status.readable) return done(errc::journal_unavailable);
  if (context.counted.publishes_waiting >= static_cast<std::int64_t>(limits.max_waiting) ||
      context.counted.publish_bytes_waiting >= static_cast<std::int64_t>(limits.max_waiting_bytes))
    return done(errc::too_many_publishes);
  command->accepted_at = std::chrono::steady_clock::now();
  std::int64_t bytes = 0;
  for (const auto& event : command->events) bytes += static_cast<std::int64_t>(event.data.size());
  command->done = counted_until_answered(context.counted, static_cast<std::int64_t>(command->events.size()), bytes,
                                         std::move(done));
  caf::anon_send(context.writer, publish_atom::value, std::move(command));
}

result<std::unique_ptr<stream_permit>> relay::admit(const std::string& client_address) {
  return impl_->limits.admit(client_address);
}

void relay::check_start(sse::start_point start, completion<bool> done) {
  auto& context = impl_->context;
  const auto answer = [](const start_decision& decision) -> result<bool> {
    if (decision.gap) return errc::history_gone;
    return true;
  };
  if (const auto bounds = context.bounds()) {
    if (const auto decision = decide_start(start, *bounds, gap_policy::fail, false)) return done(answer(*decision));
  }
  auto fresh = std::make_shared<completion<journal_bounds>>(
      [start = std::move(start), answer, done = std::move(done)](result<journal_bounds> bounds) mutable {
        if (!bounds) return done(result<bool>(boost::system::in_place_error, bounds.error()));
        done(answer(*decide_start(start, *bounds, gap_policy::fail, true)));
      });
  caf::anon_send(context.readers.front(), bounds_atom::value, std::move(fresh));
}

sse::start_live relay::live_start() const {
  const auto& tail = impl_->context.tail;
  const auto epoch = tail.epoch();  // first: the head of a later one is not taken for an event of this one's future
  return {epoch, tail.head()};
}

void relay::settle(bounded_start asked, completion<settled_start> done) {
  auto request = std::make_shared<settle_request>(settle_request{start_search(std::move(asked)), std::move(done)});
  caf::anon_send(impl_->context.readers.front(), settle_atom::value, std::move(request));
}

void relay::subscribe(stream_request request) {
  caf::anon_send(impl_->context.holder, open_atom::value, std::make_shared<stream_request>(std::move(request)));
}

void relay::find(std::optional<epoch_t> epoch, position_t position, completion<stored_event> done) {
  auto& context = impl_->context;
  const auto bounds = context.status.bounds();
  if (!context.status.readable || !bounds) return done(errc::journal_unavailable);
  auto with_epoch = std::make_shared<completion<stored_event>>(
      [bounds, epoch, done = std::move(done)](result<stored_event> event) mutable {
        if (!event) return done(result<stored_event>(event.error()));
        event->id.epoch = bounds->epoch_of(event->id.position);
        // An id from a lost branch of history names another event than the one that has its position now.
        if (epoch && *epoch != event->id.epoch) return done(errc::event_not_found);
        done(std::move(event));
      });
  caf::anon_send(context.reader_for(position), find_atom::value, position, std::move(with_epoch));
}

void relay::manage(consumer_command command) {
  caf::anon_send(impl_->context.consumers, consumer_atom::value, std::make_shared<consumer_command>(std::move(command)));
}

bool relay::ready() const {
  return impl_->context.status.writable && impl_->context.status.readable && !impl_->limits.closed();
}

relay_report relay::report() const {
  const auto& context = impl_->context;
  const auto& status = context.status;
  relay_report report;
  report.ready = ready();
  report.writable = status.writable;
  report.readable = status.readable;
  if (const auto bounds = status.bounds()) {
    report.epoch = bounds->current_epoch();
    report.floor = bounds->floor;
  }
  report.tail_head = context.tail.head();
  report.head = std::max(report.tail_head, status.newest_known());
  if (const auto looked = status.last_look.load(); looked != journal_status::clock::time_point())
    report.since_last_look = journal_status::clock::now() - looked;
  report.consumers = status.consumers();
  return report;
}

void relay::echo(completion<bool> done) {
  // Before what waits already: much work is no standstill.
  caf::anon_send<caf::message_priority::high>(impl_->context.holder, echo_atom::value,
                                              std::make_shared<completion<bool>>(std::move(done)));
}

void relay::refuse_streams() { impl_->limits.close(); }

bool relay::drain(std::chrono::milliseconds period, std::chrono::milliseconds deadline) {
  refuse_streams();
  std::promise<void> drained;
  auto done = drained.get_future();
  caf::anon_send(impl_->context.holder, drain_atom::value, period,
                 std::make_shared<completion<bool>>(
                     [drained = std::move(drained)](result<bool>) mutable { drained.set_value(); }));
  return done.wait_for(deadline) == std::future_status::ready;
}

void relay::stop_streams() {
  if (std::exchange(impl_->streams_stopped, true)) return;
  refuse_streams();
  caf::scoped_actor waiter(*impl_->system);
  caf::anon_send<caf::message_priority::high>(impl_->context.holder, stop_atom::value);
  waiter->wait_for(impl_->context.holder);
}

}  // namespace event_relay
