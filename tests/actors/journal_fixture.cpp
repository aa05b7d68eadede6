#include "actors/journal_fixture.hpp"

namespace event_relay::test {
namespace {

connection_holder_actor::behavior_type counting_holder(connection_holder_actor::pointer self, relay_context* context,
                                                       int* advances) {
  return {
      [](open_atom, const stream_request_ptr&) {},
      [context, advances](advanced_atom) {
        context->advance_pending = false;
        ++*advances;
      },
      [](tick_atom) {},
      [](drain_atom, std::chrono::milliseconds, const drained_ptr&) {},
      [](echo_atom, const echo_ptr&) {},
      [self](stop_atom) { self->quit(); },
  };
}

}  // namespace

journal_fixture::journal_fixture() {
  configuration.topics = {"reservations", "loans"};
  configuration.publish.in_doubt_timeout = 0ms;
  context.on_fatal = [this](const std::string& why) { fatal.push_back(why); };
  context.holder = system.spawn(counting_holder, &context, &advances);
  run();
}

void journal_fixture::release() {
  context.stopping.stop();
  caf::anon_send(context.holder, stop_atom::value);
  if (context.writer) caf::anon_send(context.writer, stop_atom::value);
  if (context.tailer) caf::anon_send(context.tailer, stop_atom::value);
  if (context.drainer) caf::anon_send(context.drainer, stop_atom::value);
  for (const auto& reader : context.readers) caf::anon_send(reader, stop_atom::value);
  run();
  other.reset();
  EXPECT_EQ(journal.open_connections(), 0u);
  actor_fixture::release();
}

void journal_fixture::start_writer() {
  context.writer = system.spawn(journal_writer, &context);
  work();
}

void journal_fixture::start_tailer() {
  context.tailer = system.spawn(journal_tailer, &context);
  work();
}

void journal_fixture::start_reader() {
  context.readers.push_back(system.spawn(journal_reader, &context));
}

void journal_fixture::start_drainer() {
  context.drainer = system.spawn(outbox_drainer, &context);
}

void journal_fixture::open() {
  start_writer();
  start_tailer();
  ASSERT_TRUE(context.status.writable);
  ASSERT_TRUE(context.status.readable);
}

std::size_t journal_fixture::publish(std::string data, std::string key, std::string type) {
  const auto index = answers.size();
  answers.emplace_back();
  auto command = std::make_shared<publish_command>();
  const auto topic = context.status.id_of("reservations").value_or(topic_id{1});
  command->events.push_back({topic, std::move(type), std::move(key), std::move(data)});
  command->done = completion<batch_receipt>([this, index](auto answer) { answers[index] = std::move(answer); });
  caf::anon_send(context.writer, publish_atom::value, std::move(command));
  return index;
}

std::size_t journal_fixture::publish_batch(std::vector<std::string> data, const std::string& key) {
  const auto index = answers.size();
  answers.emplace_back();
  auto command = std::make_shared<publish_command>();
  const auto topic = context.status.id_of("reservations").value_or(topic_id{1});
  for (std::size_t i = 0; i < data.size(); ++i)
    command->events.push_back({topic, {}, key.empty() ? "" : key + "#" + std::to_string(i + 1), std::move(data[i])});
  if (!key.empty()) command->how = known_keys::all_or_none;
  command->done = completion<batch_receipt>([this, index](auto answer) { answers[index] = std::move(answer); });
  caf::anon_send(context.writer, publish_atom::value, std::move(command));
  return index;
}

std::size_t journal_fixture::publish_with_keys(std::vector<std::pair<std::string, std::string>> data_and_keys) {
  const auto index = answers.size();
  answers.emplace_back();
  auto command = std::make_shared<publish_command>();
  const auto topic = context.status.id_of("reservations").value_or(topic_id{1});
  for (auto& [data, key] : data_and_keys)
    command->events.push_back({topic, {}, std::move(key), std::move(data), R"({"id":"theirs"})"});
  command->how = known_keys::never_reused;
  command->done = completion<batch_receipt>([this, index](auto answer) { answers[index] = std::move(answer); });
  caf::anon_send(context.writer, publish_atom::value, std::move(command));
  return index;
}

event_id journal_fixture::stored(std::size_t index) const {
  const auto& answer = answers.at(index);
  if (!answer || !*answer) {
    ADD_FAILURE() << (answer ? answer->error().message() : "no answer");
    return {};
  }
  return (*answer)->first;
}

errc journal_fixture::refused(std::size_t index) const {
  const auto& answer = answers.at(index);
  if (!answer || *answer) {
    ADD_FAILURE() << (answer ? "was stored" : "no answer");
    return {};
  }
  return static_cast<errc>(answer->error().value());
}

journal_connection& journal_fixture::elsewhere() {
  if (!other) {
    other = journal.connect();
    other->open(std::nullopt);
  }
  return *other;
}

position_t journal_fixture::store_elsewhere(std::string data) {
  static std::uint8_t number = 0;
  batch_id id{};
  id.front() = std::byte{++number};
  id.back() = std::byte{1};
  auto& connection = elsewhere();
  const std::vector<std::string> names{"loans"};
  const new_event event{connection.register_topics(names).front().id, {}, {}, std::move(data)};
  const new_event* events[] = {&event};
  return connection.append(id, events).events.front().position;
}

std::vector<std::string> journal_fixture::in_journal() {
  std::vector<std::string> events;
  journal.connect()->read_after(0, {10'000, 1 << 20}, [&](const event_view& event) {
    events.push_back(std::to_string(event.position) + ':' + std::string(event.data));
  });
  return events;
}

std::string journal_fixture::in_tail(position_t position) const {
  std::string frames;
  for (;;) {
    const auto window = context.tail.read_after(position);
    if (window.where != tail_window::place::inside) return frames;
    for (std::size_t i = 0; i < window.count; ++i)
      for (; position < window.segments[i]->last(); ++position)
        frames += window.segments[i]->frame(static_cast<std::size_t>(position + 1 - window.segments[i]->first()));
  }
}

}  // namespace event_relay::test
