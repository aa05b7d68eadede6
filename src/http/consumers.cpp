#include "event_relay/http/await_answer.hpp"
#include "event_relay/http/endpoint.hpp"
#include "event_relay/http/media_type.hpp"

#include <nlohmann/json.hpp>

namespace event_relay::http {
namespace {

using boost::beast::http::status;
using json = nlohmann::ordered_json;
using statuses = std::vector<consumer_status>;
using action = consumer_command::action;

constexpr std::uint64_t most_to_say = 4'096;

json json_of(const consumer_status& one) {
  const bool waits = one.lag > 0 && one.waiting_since != timestamp{};
  const std::chrono::duration<double> age = std::chrono::system_clock::now() - one.waiting_since;
  return {{"name", one.consumer.name},
          {"id", to_string(one.consumer.cursor)},
          {"position", one.consumer.cursor.position},
          {"lag", one.lag},
          {"lag_seconds", waits ? std::max(age.count(), 0.0) : 0.0},
          {"connected", one.is_read_here},
          {"created_at", format_timestamp(one.consumer.created_at)},
          {"acked_at", format_timestamp(one.consumer.acked_at)}};
}

/// By reference, because GCC 12 destroys a temporary inside a co_await expression twice.
awaitable<std::variant<statuses, problem>> carry_out(exchange& exchange, consumer_command& command,
                                                     std::string_view field) {
  auto ask = [&relay = exchange.uses.relay, &command](completion<statuses> done) {
    command.done = std::move(done);
    relay.manage(std::move(command));
  };
  auto done = co_await await_answer<statuses>(exchange.runs_on, std::move(ask));
  if (done) co_return std::move(*done);
  const auto code = static_cast<errc>(done.error().value());
  co_return problem(code, code == errc::unknown_consumer ? "consumer" : code == errc::journal_unavailable ? "" : field);
}

/// The text that a member of the body has; the body is an object with this member alone.
std::variant<std::string, problem> read_member(const exchange& exchange, const char* name) {
  const auto body = nlohmann::json::parse(exchange.body, nullptr, false);
  if (!body.is_object() || body.size() != 1) return problem(errc::malformed_body, "body");
  const auto member = body.find(name);
  if (member == body.end() || !member->is_string()) return problem(errc::malformed_body, name);
  return member->get<std::string>();
}

awaitable<answer> move(exchange& exchange, action what, const sse::start_point& to, std::string_view field) {
  consumer_command command{what, exchange.asked.path()[1], to, {}};
  const auto done = co_await carry_out(exchange, command, field);
  if (const auto* wrong = std::get_if<problem>(&done)) co_return *wrong;
  co_return json_response(status::ok, json_of(std::get<statuses>(done).front()).dump());
}

}  // namespace

std::optional<problem> check_consumer_command(const exchange& exchange) {
  if (data_kind_of(exchange.asked.header("Content-Type")) == data_kind::json) return std::nullopt;
  return problem(errc::unsupported_media_type, "Content-Type");
}

problem said_too_much(const exchange&) { return problem(errc::body_too_large, "body", most_to_say); }

awaitable<answer> list_consumers(exchange& exchange) {
  consumer_command command;
  const auto done = co_await carry_out(exchange, command, "");
  if (const auto* wrong = std::get_if<problem>(&done)) co_return *wrong;
  auto list = json::array();
  for (const auto& one : std::get<statuses>(done)) list.push_back(json_of(one));
  co_return json_response(status::ok, json{{"consumers", std::move(list)}}.dump());
}

awaitable<answer> show_or_remove_consumer(exchange& exchange) {
  const bool removes = exchange.asked.method() == boost::beast::http::verb::delete_;
  consumer_command command{removes ? action::remove : action::list, exchange.asked.path()[1], {}, {}};
  const auto done = co_await carry_out(exchange, command, "");
  if (const auto* wrong = std::get_if<problem>(&done)) co_return *wrong;
  if (removes) co_return response(status::no_content, 11);
  co_return json_response(status::ok, json_of(std::get<statuses>(done).front()).dump());
}

awaitable<answer> acknowledge(exchange& exchange) {
  const auto id = read_member(exchange, "id");
  if (const auto* wrong = std::get_if<problem>(&id)) co_return *wrong;
  const auto to = sse::parse_start(std::get<std::string>(id));
  if (!std::holds_alternative<sse::start_after>(to)) co_return problem(errc::bad_event_id, "id");
  co_return co_await move(exchange, action::acknowledge, to, "id");
}

awaitable<answer> reset_consumer(exchange& exchange) {
  const auto text = read_member(exchange, "to");
  if (const auto* wrong = std::get_if<problem>(&text)) co_return *wrong;
  const std::string from[] = {std::get<std::string>(text)};
  const auto to = sse::choose_start({}, {}, from);
  if (!to || from[0].empty()) co_return problem(errc::bad_event_id, "to");
  co_return co_await move(exchange, action::reset, *to, "to");
}

}  // namespace event_relay::http
