#include "event_relay/client/tail.hpp"

#include "event_relay/client/backoff.hpp"
#include "event_relay/client/interruption.hpp"
#include "event_relay/client/printer.hpp"
#include "event_relay/client/refusal.hpp"
#include "event_relay/core/json_text.hpp"
#include "event_relay/core/units.hpp"

#include <nlohmann/json.hpp>

#include <ostream>
#include <utility>

namespace event_relay::client {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds answer_patience{30'000};
constexpr milliseconds acknowledgement_patience{5'000};
constexpr milliseconds between_acknowledgements{1'000};

/// How a connection has ended.
enum class ending {
  again,  ///< the next one goes on
  done,
  failed,  ///< another one would be no better
};

std::string member_of(const std::string& document, const char* name) {
  const auto json = nlohmann::json::parse(document, nullptr, false);
  if (!json.is_object() || !json.contains(name) || !json[name].is_string()) return {};
  return json[name].get<std::string>();
}

class tailing {
 public:
  tailing(const tail_options& options, std::ostream& messages)
      : options_(options), messages_(messages), progress_(options.wishes), printer_(stop_) {}

  int run() {
    for (;;) {
      const auto how = follow();
      acknowledge();
      if (how != ending::again) return how == ending::done ? 0 : 1;
      if (stop_.wait_for(std::max(backoff_.next(), least_pause_))) return 0;
    }
  }

 private:
  /// One connection. What goes wrong with it is said, and decided.
  ending follow() {
    least_pause_ = {};
    try {
      auto request = options_.relay.get("/events", progress_.query());
      event_reader reader(options_.wishes.format);
      request.headers.emplace_back("Accept", reader.media_type());
      http_exchange stream(std::move(request), &stop_);
      if (const auto ended = begin(stream)) return *ended;
      return read(stream, reader);
    } catch (const transfer_failure& why) {
      if (why.why == failure::interrupted) return ending::done;
      // Who has never had an answer has most likely mistyped the address.
      if (!has_been_connected_ || why.why == failure::other) return fail(why.what());
      return come_back(why.what());
    }
  }

  std::optional<ending> begin(http_exchange& stream) {
    const auto& head = stream.head(answer_patience);
    if (head.status == 204) return ending::done;
    if (head.status != 200) return refused(stream, head);
    if (!head.header("Content-Type").starts_with(event_reader(options_.wishes.format).media_type()))
      return stranger("the answer is no stream of events; is this the URL of a relay?");
    if (has_been_connected_) say("connected again" + place());
    has_been_connected_ = true;
    said_.clear();
    return std::nullopt;
  }

  ending refused(http_exchange& stream, const http_head& head) {
    const auto why = read_refusal({head, stream.read_to_end(clock::now() + answer_patience)});
    least_pause_ = why.retry_after.value_or(std::chrono::seconds(0));
    if (why.is_passing()) return come_back(why.text());
    return why.reason.empty() ? stranger(why.text()) : fail(why.text());
  }

  /// Not the relay has answered. Where it was before, that may be a proxy's page for while it is away.
  ending stranger(const std::string& why) { return has_been_connected_ ? come_back(why) : fail(why); }

  ending read(http_exchange& stream, event_reader& reader) {
    const auto began = clock::now();
    for (auto last_byte = began;;) {
      if (!stream.wait_for_more(next_turn(last_byte))) {
        acknowledge();
        if (clock::now() - last_byte < options_.patience) continue;
        return come_back("silent for " + format_duration(options_.patience));
      }
      const auto bytes = stream.read(options_.patience);
      if (!bytes) return progress_.is_done() ? ending::done : come_back("the relay has ended the stream");
      last_byte = clock::now();
      if (last_byte - began >= backoff::longest) backoff_.reset();
      for (const auto& one : reader.read(*bytes))
        if (const auto ended = take(one)) return *ended;
      if (clock::now() >= acknowledged_at_ + between_acknowledgements) acknowledge();
    }
  }

  std::optional<ending> take(const received& one) {
    if (one.type == "relay.reset") say_reset(one);
    if (one.type == "relay.superseded") return superseded(member_of(one.data, "reason"));
    if (progress_.take(one)) {
      if (!printer_.print(one.text)) return ending::done;
      backoff_.reset();
    }
    if (progress_.is_done()) return ending::done;
    return std::nullopt;
  }

  void say_reset(const received& one) {
    say("relay.reset: events are missing here (" + member_of(one.data, "reason") + "): the stream was at " +
        member_of(one.data, "your_id") + " and goes on after " + member_of(one.data, "resume"));
  }

  ending superseded(const std::string& reason) {
    acknowledged_ = {};
    progress_.take({{}, "relay.superseded", {}, {}});
    const auto name = "the consumer " + options_.wishes.consumer;
    if (reason == "reset") return come_back(name + " was put elsewhere");
    return fail(name + (reason == "removed" ? " was removed" : " has another reader now"));
  }

  /// Until there is something to be done though no byte comes.
  milliseconds next_turn(clock::time_point last_byte) const {
    const auto silent_at = last_byte + options_.patience;
    const auto due =
        has_unacknowledged() ? std::min(silent_at, acknowledged_at_ + between_acknowledgements) : silent_at;
    return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(due - clock::now()));
  }

  bool has_unacknowledged() const {
    const auto& newest = progress_.newest_printed();
    return !options_.wishes.consumer.empty() && !newest.empty() && newest != acknowledged_;
  }

  /// All that was printed. What fails here for want of a connection is done after the next one.
  void acknowledge() {
    if (!has_unacknowledged()) return;
    acknowledged_at_ = clock::now();
    const auto newest = progress_.newest_printed();
    try {
      const auto response = exchange(options_.relay.post("/consumers/" + options_.wishes.consumer + "/ack", {},
                                                         "application/json", "{\"id\":" + to_json_string(newest) + "}"),
                                     acknowledgement_patience);
      const auto refused = read_refusal(response);
      if (response.head.status == 200 || !refused.is_passing()) acknowledged_ = newest;
      if (response.head.status != 200) say("not acknowledged: " + refused.text());
    } catch (const transfer_failure&) {
    }
  }

  /// Each reason once: an outage may take hours.
  ending come_back(const std::string& why) {
    if (std::exchange(said_, why) != why) say(why + "; connecting again" + place());
    return ending::again;
  }

  ending fail(const std::string& why) {
    messages_ << "event-relay: tail: " << options_.relay.shown() << ": " << why << '\n';
    return ending::failed;
  }

  std::string place() const { return progress_.cursor().empty() ? "" : " after " + progress_.cursor(); }

  void say(const std::string& what) { messages_ << "event-relay: tail: " << what << '\n' << std::flush; }

  const tail_options& options_;
  std::ostream& messages_;
  interruption stop_;
  tail_progress progress_;
  printer printer_;
  backoff backoff_;
  milliseconds least_pause_{};
  bool has_been_connected_ = false;
  std::string said_;  ///< why there is no connection
  std::string acknowledged_;
  clock::time_point acknowledged_at_{};
};

}  // namespace

int run_tail(const tail_options& options, std::ostream& messages) {
  return tailing(options, messages).run();
}

}  // namespace event_relay::client
