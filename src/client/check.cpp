#include "event_relay/client/check.hpp"

#include "event_relay/client/check_judgements.hpp"
#include "event_relay/client/checked_relay.hpp"
#include "event_relay/client/open_stream.hpp"
#include "event_relay/client/refusal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace event_relay::client {
namespace {

using clock = std::chrono::steady_clock;
using json = nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds patience{10'000};
constexpr milliseconds event_patience{3'000};

/// How long ago, in whole milliseconds.
milliseconds since(clock::time_point begin) {
  return std::chrono::floor<milliseconds>(clock::now() - begin);
}

/// What one look needs cannot be had; it has been reported why.
struct cannot_go_on {};

class checking {
 public:
  checking(const check_options& options, std::ostream& out, std::ostream& progress)
      : options_(options), out_(out), progress_(progress), report_(out), relay_(options) {}

  int run() {
    out_ << "event-relay check " << options_.relay.shown() << "\n\n";
    if (try_to([this] { look_at_relay(); })) {
      const bool streams = try_to([this] { look_at_stream(); });
      if (can_publish_) try_to([this] { look_at_requests(); });
      if (streams)
        try_to([this] { look_at_idle_stream(); });
      else
        report_.add("idle stream", {verdict::skip, "there is no stream to hold"});
    }
    report_.close("; " + relay_.published());
    return report_.exit_code();
  }

 private:
  bool try_to(auto&& look) try {
    look();
    return true;
  } catch (const cannot_go_on&) {
    return false;
  } catch (const transfer_failure& why) {
    report_.add("connection", {verdict::fail, why.what(), "It worked before: is the relay or the proxy restarting?"});
    return false;
  }

  void look_at_relay() {
    reach();
    report_.add("ready", judge_readiness(exchange(options_.relay.get("/readyz"), patience)));
    const auto status = exchange(options_.relay.get("/status"), patience);
    if (options_.has_token) {
      auto without = options_.relay;
      without.set_token("");
      report_.add("Authorization", judge_authorization(status, exchange(without.get("/status"), patience)));
    }
    learn_from(status);
  }

  void reach() {
    const auto begin = clock::now();
    try {
      const auto response = exchange(options_.relay.get("/healthz"), patience);
      const auto found = judge_health(response, since(begin));
      report_.add("reachable", found);
      if (found.is == verdict::fail) throw cannot_go_on();
    } catch (const transfer_failure& why) {
      report_.add("reachable", {verdict::fail, why.what(), "Is the URL right, and does something listen there?"});
      throw cannot_go_on();
    }
  }

  /// The topic to publish to, and how often heartbeats come.
  void learn_from(const http_response& response) {
    const auto status = json::parse(response.body, nullptr, false);
    if (response.head.status == 200 && status.is_object()) {
      const auto topics = status.value("topics", json::array());
      if (relay_.topic().empty() && topics.is_array() && !topics.empty() && topics[0].is_string())
        relay_.set_topic(topics[0]);
      const auto heartbeat = status.value(json::json_pointer("/limits/heartbeat_seconds"), json());
      if (heartbeat.is_number())
        heartbeat_ = seconds(std::clamp(static_cast<long>(heartbeat.get<double>() + 0.5), 1L, 60L));
    } else if (relay_.topic().empty()) {
      const bool wants_token = response.head.status == 401;
      report_.add("topics",
                  {verdict::fail, "/status answers " + read_refusal(response).text(),
                   wants_token ? "Give a token by EVENT_RELAY_TOKEN." : "Name a topic to publish to by --topic."});
      throw cannot_go_on();
    }
  }

  void look_at_stream() {
    look_at_beginning();
    open_stream stream(relay_.stream());
    if (!begins(stream)) throw cannot_go_on();
    std::vector<arrival> arrivals;
    std::vector<std::string> ids;
    publish_beside(stream, arrivals, ids);
    const auto found = judge_arrivals(arrivals);
    report_.add("events arrive at once", found);
    auto resumed = look_at_resume(ids);
    if (found.is == verdict::fail && resumed.is == verdict::fail)
      resumed = {verdict::skip, "cannot be told while events are held back"};
    report_.add("Last-Event-ID", resumed);
  }

  /// As a browser asks, which takes what is compressed.
  void look_at_beginning() {
    auto request = relay_.stream();
    request.headers.emplace_back("Accept-Encoding", "gzip, deflate, br");
    open_stream stream(std::move(request));
    const auto begin = clock::now();
    const bool has_begun = begins(stream) && stream.has_begun(patience);
    report_.add("stream opens", judge_first_byte(has_begun ? std::optional(since(begin)) : std::nullopt));
    if (!has_begun) throw cannot_go_on();
    report_.add("stream headers", judge_stream_head(stream.head(patience)));
  }

  /// False: no head came, which is for the caller to report. What is no stream is reported here.
  bool begins(open_stream& stream) {
    try {
      const auto& head = stream.head(patience);
      if (head.status == 200) return true;
      report_.add("stream opens",
                  {verdict::fail, "GET /events answers " + std::to_string(head.status),
                   head.status == 401 ? "Give a token of access.read_tokens by EVENT_RELAY_TOKEN." : ""});
    } catch (const transfer_failure& why) {
      if (why.why == failure::timed_out) return false;
      report_.add("stream opens", {verdict::fail, why.what()});
    }
    throw cannot_go_on();
  }

  /// Each event waits until the one before it has come, or for long enough to say that it is held back.
  void publish_beside(open_stream& stream, std::vector<arrival>& arrivals, std::vector<std::string>& ids) {
    for (int number = 0; number < 3; ++number) {
      ids.push_back(publish());
      const auto answered = clock::now();
      arrivals.push_back({});
      await(stream, ids, arrivals, answered);
      arrivals.back().before_next = arrivals.back().after.has_value();
    }
  }

  /// Until the newest has come.
  void await(open_stream& stream, const std::vector<std::string>& ids, std::vector<arrival>& arrivals,
             clock::time_point answered) {
    while (const auto event = stream.next(event_patience - std::min(event_patience, since(answered)))) {
      const auto found = std::ranges::find(ids, event->id);
      if (found == ids.end()) continue;  // another check's
      arrivals[static_cast<std::size_t>(found - ids.begin())].after = since(answered);
      if (found == ids.end() - 1) return;
    }
  }

  finding look_at_resume(const std::vector<std::string>& ids) {
    const std::vector<std::string> expected(ids.begin() + 1, ids.end());
    auto request = relay_.stream();
    request.headers.emplace_back("Last-Event-ID", ids.front());
    const auto came = read_ids(std::move(request), expected);
    const bool parameter_works =
        came != expected && read_ids(relay_.stream({{"lastEventId", ids.front()}}), expected) == expected;
    return judge_resume(expected, came, parameter_works);
  }

  /// So many as are expected, if they come in time. Of others only what came in their place.
  std::vector<std::string> read_ids(http_request request, const std::vector<std::string>& expected) {
    open_stream stream(std::move(request));
    std::vector<std::string> came;
    if (!begins(stream)) return came;
    while (came.size() < expected.size()) {
      const auto event = stream.next(event_patience);
      if (!event) break;
      if (came.empty() && event->id != expected.front() && !relay_.is_own(event->data)) continue;
      came.push_back(event->id);
    }
    return came;
  }

  void look_at_requests() {
    const auto request = relay_.event();
    const auto first = relay_.publish(request, patience);
    const auto second = relay_.publish(request, patience);
    report_.add("Idempotency-Key", judge_repetition(first, second));
    report_.add("refusals", judge_problem(exchange(options_.relay.get("/events/999999999999"), patience)));
    if (!options_.origin.empty()) report_.add("CORS", look_at_cors());
  }

  finding look_at_cors() {
    auto preflight = options_.relay.get("/events");
    preflight.method = "OPTIONS";
    preflight.headers = {{"Origin", options_.origin},
                         {"Access-Control-Request-Method", "GET"},
                         {"Access-Control-Request-Headers", "last-event-id"}};
    auto plain = options_.relay.get("/status");
    plain.headers.emplace_back("Origin", options_.origin);
    return judge_cors(exchange(preflight, patience).head, exchange(plain, patience).head, options_.origin);
  }

  void look_at_idle_stream() {
    if (options_.idle.count() == 0) return report_.add("idle stream", {verdict::skip, "not looked at"});
    const auto begin = clock::now();
    open_stream stream(relay_.stream());
    if (!begins(stream)) throw cannot_go_on();
    idle_stream seen{options_.idle, heartbeat_, seconds(0)};
    hold(stream, begin);
    seen.held = std::chrono::round<seconds>(since(begin));
    // The first one is at the beginning of each stream.
    seen.heartbeats = std::max<std::size_t>(stream.comments(), 1) - 1;
    seen.ended = stream.ended();
    if (seen.ended.empty()) seen.event_came = sees(stream, publish());
    report_.add("idle stream", judge_idle(seen));
  }

  void hold(open_stream& stream, clock::time_point begin) {
    progress_ << "      holding an idle stream for " << options_.idle.count() << " s" << std::flush;
    for (auto held = since(begin); held < options_.idle && stream.ended().empty(); held = since(begin)) {
      (void)stream.next(std::min<milliseconds>(seconds(5), options_.idle - held));
      progress_ << '.' << std::flush;
    }
    progress_ << '\n';
  }

  bool sees(open_stream& stream, const std::string& id) {
    while (const auto event = stream.next(event_patience))
      if (event->id == id) return true;
    return false;
  }

  /// Answers the id of the new event.
  std::string publish() {
    const auto response = relay_.publish(relay_.event(), patience);
    if (const auto id = id_of_receipt(response)) return *id;
    can_publish_ = false;
    const auto why = read_refusal(response);
    const bool is_token = why.status == 401 || why.status == 403;
    report_.add("publishing", {verdict::fail, "POST /" + relay_.topic() + " answers " + why.text(),
                               is_token ? "Give a token of access.publish_tokens by EVENT_RELAY_PUBLISH_TOKEN." : ""});
    throw cannot_go_on();
  }

  const check_options& options_;
  std::ostream& out_;
  std::ostream& progress_;
  check_report report_;
  checked_relay relay_;
  seconds heartbeat_{15};
  bool can_publish_ = true;
};

}  // namespace

int run_check(const check_options& options, std::ostream& out, std::ostream& progress) {
  return checking(options, out, progress).run();
}

}  // namespace event_relay::client
