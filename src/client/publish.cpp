#include "event_relay/client/publish.hpp"

#include "event_relay/client/backoff.hpp"
#include "event_relay/client/refusal.hpp"
#include "event_relay/core/units.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <istream>
#include <iterator>
#include <ostream>
#include <random>
#include <thread>
#include <utility>

namespace event_relay::client {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// What a relay takes in one request unless it is told otherwise: publish.max_request_events and .max_request_bytes.
constexpr std::size_t most_lines = 10'000;
constexpr std::size_t most_bytes = 16 * 1024 * 1024;
// Longer than publish.in_doubt_timeout, after which the relay itself says that the outcome is unknown.
constexpr milliseconds attempt_patience{30'000};

std::string random_key() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string key;
  for (int digit = 0; digit < 32; ++digit) key += digits[random() % digits.size()];
  return key;
}

/// That a relay has stored it: any web server may answer with 200.
bool is_receipt(const http_response& response) {
  if (response.head.status != 200 && response.head.status != 201) return false;
  const auto receipt = nlohmann::json::parse(response.body, nullptr, false);
  return receipt.is_object() && receipt.contains("duplicate");
}

bool is_passing(failure why) {
  return why != failure::other && why != failure::interrupted;
}

std::string hint_for(const refusal& refused) {
  if (refused.reason == "data_is_not_json") return "; for a text say --content-type=text/plain";
  if (refused.reason == "no_token" || refused.reason == "unknown_token")
    return "; a token is given by EVENT_RELAY_TOKEN or --token";
  if (refused.reason.empty() && refused.status == 404) return "; is this the URL of a relay?";
  if (refused.status / 100 == 3) return "; that is a redirection, give the URL that it leads to";
  return "";
}

/// The attempts for one request, all under one key.
class attempts {
 public:
  attempts(const publish_options& options, std::string key, std::ostream& messages)
      : options_(options), messages_(messages), key_(std::move(key)) {}

  /// The relay's answer when it has stored the events. Nothing, and the reason said: it has not, or it is not known.
  std::optional<std::string> publish(const http_request& request) {
    for (const auto end = clock::now() + options_.timeout;;) {
      auto pause = backoff_.next();
      try {
        const auto left = std::chrono::ceil<milliseconds>(end - clock::now());
        const auto response = exchange(request, std::min(attempt_patience, left));
        if (is_receipt(response)) return response.body;
        if (!may_repeat(response, pause)) return give_up("");
      } catch (const transfer_failure& why) {
        problem_ = why.what();
        if (!is_passing(why.why)) return give_up("");
      }
      if (clock::now() + pause >= end)
        return give_up("; given up after " + format_duration(options_.timeout) + ". It may be stored: --key=" + key_ +
                       " repeats it safely");
      say("; trying again");
      std::this_thread::sleep_for(pause);
    }
  }

 private:
  /// Notes what is wrong, and how long to wait.
  bool may_repeat(const http_response& response, milliseconds& pause) {
    const auto refused = read_refusal(response);
    const bool is_success = response.head.status / 100 == 2;
    problem_ = is_success ? "the answer is not a relay's; is this the URL of one?" : refused.text() + hint_for(refused);
    if (refused.retry_after) pause = std::max(pause, jittered(*refused.retry_after));
    return !is_success && refused.is_passing();
  }

  std::nullopt_t give_up(const std::string& why) {
    say(why);
    return std::nullopt;
  }

  void say(const std::string& more) {
    messages_ << "event-relay: publish: " << options_.relay.shown() << ": " << problem_ << more << '\n' << std::flush;
  }

  const publish_options& options_;
  std::ostream& messages_;
  std::string key_;
  backoff backoff_;
  std::string problem_;
};

std::string content_type_of(const publish_options& options) {
  if (!options.content_type.empty()) return options.content_type;
  return options.batch ? "application/x-ndjson" : "application/json";
}

http_request request_for(const publish_options& options, const std::string& key, std::string body) {
  parameters query;
  if (!options.type.empty()) query.emplace_back("type", options.type);
  auto request = options.relay.post("/" + options.topic, query, content_type_of(options), std::move(body));
  request.headers.emplace_back("Idempotency-Key", key);
  return request;
}

std::string whole_input(std::istream& in) {
  std::string data{std::istreambuf_iterator<char>(in), {}};
  if (data.ends_with('\n')) data.pop_back();
  if (data.ends_with('\r')) data.pop_back();
  return data;
}

int publish_one(const publish_options& options, const std::string& key, std::istream& in, std::ostream& out,
                std::ostream& messages) {
  auto data = whole_input(in);
  const auto receipt = attempts(options, key, messages).publish(request_for(options, key, std::move(data)));
  if (receipt) out << *receipt << '\n';
  return receipt ? 0 : 1;
}

int publish_batches(const publish_options& options, const std::string& key, std::istream& in, std::ostream& out,
                    std::ostream& messages) {
  batches pieces(in, most_lines, most_bytes);
  std::size_t number = 0;
  for (auto lines = pieces.next(); !lines.empty(); lines = pieces.next()) {
    const auto own_key = ++number == 1 ? key : key + "-" + std::to_string(number);
    const auto receipt = attempts(options, key, messages).publish(request_for(options, own_key, std::move(lines)));
    if (!receipt) {
      if (number > 1)
        messages << "event-relay: publish: the " << pieces.lines_before() << " lines before this request are stored\n";
      return 1;
    }
    out << *receipt << '\n' << std::flush;
  }
  if (number == 0) messages << "event-relay: publish: the input is empty, nothing was published\n";
  return number == 0 ? 1 : 0;
}

}  // namespace

std::string batches::next() {
  lines_before_ += std::exchange(lines_, 0);
  std::string piece = std::exchange(held_back_, {});
  if (!piece.empty()) lines_ = 1;
  for (std::string line; lines_ < max_lines_ && std::getline(in_, line); ++lines_) {
    line.push_back('\n');
    if (!piece.empty() && piece.size() + line.size() > max_bytes_) {
      held_back_ = std::move(line);
      break;
    }
    piece += line;
  }
  return piece;
}

int run_publish(const publish_options& options, std::istream& in, std::ostream& out, std::ostream& messages) {
  const auto key = options.key.empty() ? random_key() : options.key;
  return options.batch ? publish_batches(options, key, in, out, messages)
                       : publish_one(options, key, in, out, messages);
}

}  // namespace event_relay::client
