#include "http/stream_parameters.hpp"

#include "event_relay/core/units.hpp"
#include "event_relay/http/accept.hpp"

#include <algorithm>

namespace event_relay::http {
namespace {

// In the wild: the standard's own spelling, the polyfill's default, and what people guessed; and HTTP Feeds' own.
constexpr std::string_view id_parameters[] = {"lastEventId", "lastEventID", "last_event_id", "Last-Event-ID", "after"};

constexpr std::uint64_t usual_page = 1'000;
constexpr std::uint64_t largest_page = 10'000;
constexpr std::chrono::milliseconds longest_wait = std::chrono::minutes(5);

using form_or_problem = std::variant<stream_form, problem>;

/// Of those that the client likes best the first: whoever takes anything gets the event stream.
std::optional<envelope> negotiate(std::string_view accept) {
  struct offer {
    envelope as;
    std::string_view type, subtype;
  };
  constexpr offer offers[] = {{envelope::event_stream, "text", "event-stream"},
                              {envelope::lines, "application", "x-ndjson"},
                              {envelope::page, "application", "json"},
                              {envelope::feed, "application", "cloudevents-batch+json"}};
  std::optional<envelope> best;
  int weight = 0;
  for (const auto& offer : offers) {
    const auto wanted = weight_in(accept, offer.type, offer.subtype);
    if (wanted <= weight) continue;
    weight = wanted;
    best = offer.as;
  }
  return best;
}

/// The last value, as everywhere; nothing when it is not there.
std::optional<std::string> parameter(const request& asked, std::string_view name) {
  auto values = asked.parameter_values(name);
  if (values.empty()) return std::nullopt;
  return std::move(values.back());
}

std::optional<problem> read_switch(const request& asked, std::string_view name, bool& value) {
  const auto text = parameter(asked, name);
  if (text && *text != "on" && *text != "off") return problem(errc::bad_parameter, name);
  value = text == "on";
  return std::nullopt;
}

/// A plus sign of the offset that nobody escaped has become a space.
std::optional<problem> read_time(const request& asked, std::string_view name, std::optional<timestamp>& value) {
  auto text = parameter(asked, name);
  if (!text) return std::nullopt;
  if (const auto at = text->rfind(' '); at != std::string::npos && at > 10) (*text)[at] = '+';
  value = parse_timestamp(*text);
  return value ? std::nullopt : std::optional(problem(errc::bad_parameter, name));
}

std::optional<problem> read_limit(const request& asked, stream_form& form) {
  if (form.ends_at_head()) form.limit = usual_page;
  const auto text = parameter(asked, "limit");
  if (!text) return std::nullopt;
  form.limit = parse_count(*text);
  if (!form.limit || *form.limit == 0) return problem(errc::bad_parameter, "limit");
  if (form.ends_at_head() && *form.limit > largest_page) return problem(errc::bad_parameter, "limit", largest_page);
  return std::nullopt;
}

/// Milliseconds as HTTP Feeds has it, or a duration with its unit.
std::optional<problem> read_patience(const request& asked, stream_form& form) {
  const auto text = parameter(asked, "timeout");
  if (!text) return std::nullopt;
  const auto count = parse_count(*text);
  const auto duration = count ? std::chrono::milliseconds(std::min<std::uint64_t>(*count, 1'000'000'000))
                              : parse_duration(*text);
  if (!duration) return problem(errc::bad_parameter, "timeout");
  if (*duration > longest_wait)
    return problem(errc::bad_parameter, "timeout", static_cast<std::uint64_t>(longest_wait.count()));
  form.patience = *duration;
  return std::nullopt;
}

form_or_problem read_form(const request& asked) {
  stream_form form;
  const auto as = negotiate(asked.header("Accept"));
  if (!as) return problem(errc::not_acceptable, "Accept");
  form.as = *as;
  const auto format = parameter(asked, "format");
  if (format && *format != "cloudevents" && *format != "native") return problem(errc::bad_parameter, "format");
  form.cloud_events = form.as == envelope::feed || format == "cloudevents";
  if (auto wrong = read_switch(asked, "live", form.tells_live)) return *wrong;
  if (auto wrong = read_switch(asked, "cursor", form.tells_cursor)) return *wrong;
  if (auto wrong = read_time(asked, "until", form.until)) return *wrong;
  if (auto wrong = read_limit(asked, form)) return *wrong;
  if (auto wrong = read_patience(asked, form)) return *wrong;
  return form;
}

std::optional<problem> read_gap_policy(const request& asked, gap_policy& policy) {
  const auto text = parameter(asked, "on_gap");
  if (!text) return std::nullopt;
  if (*text == "earliest") policy = gap_policy::earliest;
  else if (*text == "live") policy = gap_policy::live;
  else if (*text == "fail") policy = gap_policy::fail;
  else return problem(errc::bad_parameter, "on_gap");
  return std::nullopt;
}

std::optional<problem> read_filter(const exchange& exchange, std::shared_ptr<const filter>& wanted) {
  auto types = exchange.asked.parameter_list("type");
  for (const auto& type : types)
    if (!check_event_type(type)) return problem(errc::bad_parameter, "type");
  auto made = exchange.uses.relay.make_filter(exchange.asked.parameter_list("topic"), std::move(types));
  if (made) wanted = std::move(*made);
  else if (made.error() == errc::unknown_topic) return problem(errc::bad_parameter, "topic");
  else return problem(static_cast<errc>(made.error().value()));
  return std::nullopt;
}

std::optional<problem> read_consumer(const request& asked, const stream_form& form, std::string& name) {
  const auto text = parameter(asked, "consumer");
  if (!text) return std::nullopt;
  if (!check_topic_name(*text)) return problem(errc::bad_consumer_name, "consumer", max_topic_bytes);
  // What would a limit count from, and what would it mean that a page took the consumer from its reader?
  if (form.is_bounded()) return problem(errc::bad_parameter, "consumer");
  name = *text;
  return std::nullopt;
}

/// An empty value says as much as none.
std::vector<std::string> said(std::vector<std::string> values) {
  std::erase(values, "");
  return values;
}

/// Where to start, as far as the request says it.
std::optional<problem> read_start(const request& asked, wanted_stream& wanted) {
  auto& stream = wanted.stream;
  std::vector<std::string> headers, queries;
  // The relay knows where a consumer is, who may have read what it has not done.
  if (stream.consumer.empty()) {
    headers = said(asked.header_values("Last-Event-ID"));
    for (const auto name : id_parameters)
      for (auto& value : said(asked.parameter_values(name))) queries.push_back(std::move(value));
  }
  const auto from = said(asked.parameter_values("from"));
  auto start = sse::choose_start(headers, queries, from);
  if (!start) {
    const auto code = static_cast<errc>(start.error().value());
    return problem(code, code == errc::bad_parameter ? "from" : "Last-Event-ID");
  }
  stream.start = std::move(*start);
  bounded_start bounded;
  if (auto wrong = read_time(asked, "since", bounded.since)) return wrong;
  if (bounded.since && !(queries.empty() && from.empty())) return problem(errc::bad_parameter, "since");
  // Whoever asks for what there is without saying after what begins at the beginning.
  const bool names_none = headers.empty() && queries.empty() && from.empty();
  if (stream.form.ends_at_head() && names_none) stream.start = sse::start_earliest{};

  if (const auto brought = sse::choose_start(headers, {}, {}); brought && sse::text_of(*brought) != "")
    bounded.came_back = *brought;
  const bool may_be_over = bounded.came_back && !stream.form.ends_at_head() && (stream.form.limit || stream.form.until);
  if (!may_be_over && (!bounded.since || bounded.came_back)) return std::nullopt;
  const auto named = sse::choose_start({}, queries, from);
  bounded.named = named ? *named : sse::start_point();
  bounded.limit = stream.form.limit;
  bounded.until = stream.form.until;
  bounded.wanted = stream.wanted;
  wanted.to_settle = std::move(bounded);
  return std::nullopt;
}

}  // namespace

std::variant<wanted_stream, problem> read_stream_parameters(const exchange& exchange) {
  const auto& asked = exchange.asked;
  wanted_stream wanted;
  auto& stream = wanted.stream;
  auto form = read_form(asked);
  if (const auto* wrong = std::get_if<problem>(&form)) return *wrong;
  stream.form = std::get<stream_form>(form);
  // Whoever asks page by page can be told by a status, which is clearer.
  stream.on_gap = stream.form.ends_at_head() ? gap_policy::fail : exchange.uses.configuration.stream.on_gap;
  if (auto wrong = read_gap_policy(asked, stream.on_gap)) return *wrong;
  if (auto wrong = read_filter(exchange, stream.wanted)) return *wrong;
  if (auto wrong = read_consumer(asked, stream.form, stream.consumer)) return *wrong;
  if (auto wrong = read_start(asked, wanted)) return *wrong;
  stream.framing = asked.is_http_1_0() ? sse::body_framing::close_delimited : sse::body_framing::chunked;
  return wanted;
}

}  // namespace event_relay::http
