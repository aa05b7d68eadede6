#include "event_relay/http/access_log.hpp"

#include "event_relay/core/log.hpp"

#include <boost/container/static_vector.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>

namespace event_relay::http {
namespace {

using clock = std::chrono::steady_clock;
using fields = boost::container::static_vector<log::field, 12>;

constexpr std::size_t longest_target = 256;

/// Known, and harmless: what is read, and from where.
constexpr std::array<std::string_view, 17> shown_parameters{
    "topic", "type",   "from",     "after",  "since",       "until",       "limit",         "timeout",      "format",
    "live",  "cursor", "consumer", "on_gap", "lastEventId", "lastEventID", "last_event_id", "Last-Event-ID"};

/// To a microsecond: what is behind it is noise.
double seconds(clock::duration time) {
  return static_cast<double>(std::chrono::duration_cast<std::chrono::microseconds>(time).count()) / 1e6;
}

std::string_view or_dash(std::string_view text) {
  return text.empty() ? "-" : text;
}

/// The path alone: the absolute form has a host in front of it, and may have a password in front of that.
std::string_view path_of(std::string_view target) {
  const auto path = target.substr(0, target.find_first_of("?#"));
  if (path.starts_with('/')) return path;
  const auto scheme = path.find("://");
  const auto begin = scheme == std::string_view::npos ? path.size() : std::min(path.find('/', scheme + 3), path.size());
  return path.substr(begin);
}

std::string loggable_query(std::string_view query) {
  std::string shown;
  for (const auto part : std::views::split(query, '&')) {
    const std::string_view parameter(part.begin(), part.end());
    if (parameter.empty()) continue;
    const bool known =
        std::ranges::find(shown_parameters, parameter.substr(0, parameter.find('='))) != shown_parameters.end();
    shown.append(shown.empty() ? "?" : "&").append(known ? parameter : "***");
  }
  return shown;
}

/// Tells the end of a stream; of one that was never told to have ended, that its handler has failed.
class stream_line final : public stream_witness {
 public:
  explicit stream_line(const answered_request& begun)
      : target_(loggable_target(begun.target)),
        request_id_(begun.request_id),
        trace_id_(begun.trace_id),
        client_(begun.client.address()),
        begun_at_(clock::now() - begun.took) {}
  ~stream_line() override {
    if (!told_) ended(close_reason::failed, 0, 0);
  }

  void ended(close_reason why, std::uint64_t events, std::uint64_t bytes) override {
    told_ = true;
    const auto address = client_.to_string();
    fields line{{"method", "GET"},
                {"target", target_},
                {"status", 200},
                {"bytes", bytes},
                {"seconds", seconds(clock::now() - begun_at_)},
                {"address", address},
                {"request_id", request_id_},
                {"closed", name_of(why)},
                {"events", events}};
    if (!trace_id_.empty()) line.push_back({"trace_id", trace_id_});
    log::write(log::level::info, "request", {line.data(), line.size()});
  }

 private:
  const std::string target_;
  const std::string request_id_;
  const std::string trace_id_;
  const asio::ip::address client_;
  const clock::time_point begun_at_;
  bool told_ = false;
};

}  // namespace

bool is_logged(access_log which, bool refused) noexcept {
  const bool wanted = which == access_log::all || (which == access_log::refused && refused);
  return wanted && log::enabled(log::level::info);
}

void log_answer(const answered_request& answered) {
  const auto target = loggable_target(answered.target);
  const auto address = answered.client.address().to_string();
  fields line{{"method", or_dash(answered.method)}, {"target", target},
              {"status", answered.status},          {"bytes", answered.bytes},
              {"seconds", seconds(answered.took)},  {"address", address},
              {"request_id", answered.request_id}};
  if (!answered.problem.empty()) line.push_back({"problem", answered.problem});
  if (!answered.trace_id.empty()) line.push_back({"trace_id", answered.trace_id});
  log::write(log::level::info, "request", {line.data(), line.size()});
}

std::string loggable_target(std::string_view target) {
  std::string shown(or_dash(path_of(target)));
  if (const auto query = target.find('?'); query != std::string_view::npos)
    shown += loggable_query(target.substr(query + 1, target.find('#') - query - 1));
  if (shown.size() > longest_target) shown.replace(longest_target, std::string::npos, "...");
  return shown;
}

std::unique_ptr<stream_witness> log_stream_end(const answered_request& begun) {
  return std::make_unique<stream_line>(begun);
}

}  // namespace event_relay::http
