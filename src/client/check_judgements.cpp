#include "event_relay/client/check_judgements.hpp"

#include "event_relay/client/refusal.hpp"
#include "event_relay/core/units.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace event_relay::client {
namespace {

using json = nlohmann::json;
using std::chrono::milliseconds;

constexpr std::string_view buffering_advice =
    "Something between here and the relay holds the stream back. nginx: proxy_buffering off (and nothing that ignores"
    " X-Accel-Buffering); other proxies: response buffering off for /events; a CDN: no caching and no optimising "
    "there.";

json parsed(const std::string& body) {
  return json::parse(body, nullptr, false);
}

std::string server_of(const http_head& head) {
  std::string text;
  for (const auto* name : {"Server", "Via"})
    if (const auto value = head.header(name); !value.empty()) text.append(", ").append(name).append(" ").append(value);
  return text.empty() ? ", no proxy names itself" : text;
}

std::string in_words(milliseconds duration) {
  return std::to_string(duration.count()) + " ms";
}

std::string advice_for_status(int status) {
  switch (status) {
    case 401:
    case 403: return "The proxy asks for something of its own; /healthz of the relay needs no token.";
    case 404: return "Is the path right? A proxy may serve the relay below a path: give the URL with it.";
    case 502:
    case 503:
    case 504: return "The proxy answers but does not reach the relay: look at its upstream address and at the relay.";
    default: break;
  }
  if (status / 100 == 3) return "It redirects. Give the URL that it leads to: publishers do not follow redirects.";
  return "What answers there does not look like a relay.";
}

}  // namespace

finding judge_health(const http_response& response, milliseconds took) {
  const auto& head = response.head;
  const auto seen = head.version + " " + std::to_string(head.status) + " after " + in_words(took) + server_of(head);
  if (head.status != 200) return {verdict::fail, seen, advice_for_status(head.status)};
  const auto body = parsed(response.body);
  if (!body.is_object() || body.value("status", json()) != "ok")
    return {verdict::fail, seen + ", but /healthz does not say what a relay says",
            "What answers there does not look like a relay. Is the path right?"};
  return {verdict::pass, seen};
}

finding judge_readiness(const http_response& response) {
  if (response.head.status == 200) return {verdict::pass, "it can publish and stream"};
  return {verdict::fail, "/readyz answers " + read_refusal(response).text(),
          "The relay does not reach its journal; its log says why."};
}

finding judge_authorization(const http_response& with_token, const http_response& without) {
  const auto refused = read_refusal(with_token);
  if (with_token.head.status == 200 && without.head.status == 200)
    return {verdict::warn, "reading is possible without the token too",
            "The relay has no access.read_tokens, or the proxy adds a token by itself."};
  if (with_token.head.status == 200)
    return {verdict::pass, "the token arrives, and without it the answer is " + std::to_string(without.head.status)};
  if (refused.reason == "no_token")
    return {
        verdict::fail, "the relay did not see the token",
        "The proxy takes the header Authorization away. nginx: proxy_set_header Authorization $http_authorization."};
  if (refused.reason == "unknown_token")
    return {verdict::fail, "the relay does not know the token",
            "Is it one of access.read_tokens? Or the proxy puts another Authorization in its place."};
  if (refused.reason == "token_not_allowed")
    return {verdict::fail, "the token may publish but not read", "Give a token of access.read_tokens by --token."};
  return {verdict::fail, "the answer is " + refused.text(), advice_for_status(refused.status)};
}

finding judge_first_byte(std::optional<milliseconds> took) {
  if (!took) return {verdict::fail, "not a byte came within 10 s", std::string(buffering_advice)};
  const auto seen = "first byte after " + in_words(*took);
  if (*took > milliseconds(2'000))
    return {verdict::warn, seen, "The relay sends it at once. Some clients give up when it is late."};
  return {verdict::pass, seen};
}

finding judge_stream_head(const http_head& head) {
  if (const auto encoding = head.header("Content-Encoding"); !encoding.empty() && encoding != "identity")
    return {verdict::fail, "the stream comes compressed, Content-Encoding: " + std::string(encoding),
            "Compression collects events before it sends them. nginx: gzip off for /events; other proxies: leave"
            " text/event-stream alone, as Cache-Control: no-transform asks."};
  if (const auto length = head.header("Content-Length"); !length.empty())
    return {verdict::fail, "the stream has a Content-Length, " + std::string(length),
            "The proxy waits for the end of a response that has none. " + std::string(buffering_advice)};
  const auto type = head.header("Content-Type");
  if (!type.starts_with("text/event-stream"))
    return {verdict::fail, "Content-Type is " + std::string(type.empty() ? "missing" : type),
            "An EventSource takes text/event-stream alone. Leave the relay's header as it is."};
  if (type.find("charset=utf-8") == std::string_view::npos)
    return {verdict::warn, "Content-Type lost its charset=utf-8", "Some clients take it for ISO-8859-1 then."};
  if (head.header("Cache-Control").find("no-transform") == std::string_view::npos)
    return {
        verdict::warn, "Cache-Control is changed, no-transform is missing",
        "A box further on may compress or keep the stream. nginx: no expires and no add_header Cache-Control there."};
  return {verdict::pass, "Content-Type and Cache-Control are the relay's, nothing compresses"};
}

finding judge_arrivals(const std::vector<arrival>& arrivals) {
  const auto count = std::to_string(arrivals.size());
  const auto came = std::ranges::count_if(arrivals, [](const auto& one) { return one.after.has_value(); });
  if (came == 0)
    return {verdict::fail, "of " + count + " events that were published none came", std::string(buffering_advice)};
  const bool all_at_once = std::ranges::all_of(arrivals, &arrival::before_next);
  if (!all_at_once)
    return {verdict::fail,
            "events came late, or together with later ones (" + std::to_string(came) + " of " + count + " came at all)",
            std::string(buffering_advice)};
  const auto slowest = std::ranges::max(arrivals, {}, &arrival::after).after.value();
  const auto seen = count + " events, the slowest " + in_words(slowest) + " after its publisher's answer";
  if (slowest > milliseconds(1'000))
    return {verdict::warn, seen, "Slow, but one by one. Is something busy on the way?"};
  if (slowest > milliseconds(150))
    return {verdict::pass, seen, "Some proxies wait whether more comes. HAProxy: option http-no-delay."};
  return {verdict::pass, seen};
}

finding judge_resume(const std::vector<std::string>& expected, const std::vector<std::string>& came,
                     bool parameter_works) {
  if (came == expected)
    return {verdict::pass, "after the first of them came the others, " + std::to_string(came.size()) + " events"};
  const std::string also = parameter_works
                               ? " Until then clients can send it as ?lastEventId= instead, which works."
                               : " As ?lastEventId= it does not help either: is an answer cached, or the stream cut?";
  if (came.empty() || std::ranges::find(came, expected.front()) == came.end())
    return {verdict::fail, "the stream did not go on after the id that was sent",
            "The proxy takes the header Last-Event-ID away, and clients lose what is published while they are away."
            " nginx: proxy_set_header Last-Event-ID $http_last_event_id." +
                also};
  return {verdict::fail, "other events came than those after the id that was sent",
          "Is an answer cached? /events must not be." + also};
}

finding judge_repetition(const http_response& first, const http_response& second) {
  const auto one = parsed(first.body);
  const auto two = parsed(second.body);
  const bool is_same =
      one.is_object() && two.is_object() && one.contains("id") && one.value("id", json()) == two.value("id", json(1));
  if (is_same && two.value("duplicate", json()) == true) return {verdict::pass, "the same event again was stored once"};
  if (first.head.status / 100 != 2 || second.head.status / 100 != 2)
    return {verdict::fail,
            "publishing was refused: " + read_refusal(first.head.status / 100 == 2 ? second : first).text()};
  return {verdict::fail, "the same event again was stored twice",
          "The proxy takes the header Idempotency-Key away, so publishers that repeat publish twice. nginx:"
          " proxy_set_header Idempotency-Key $http_idempotency_key."};
}

finding judge_problem(const http_response& response) {
  const auto& head = response.head;
  const auto type = head.header("Content-Type");
  if (head.status == 404 && type.starts_with("application/problem+json") && !read_refusal(response).reason.empty())
    return {verdict::pass, "refusals arrive as the relay wrote them"};
  return {verdict::fail,
          "for an event that does not exist came " + std::to_string(head.status) + " with " +
              std::string(type.empty() ? "no Content-Type" : type),
          "The proxy puts pages of its own in place of the relay's answers. nginx: proxy_intercept_errors off."};
}

finding judge_cors(const http_head& preflight, const http_head& answer, std::string_view origin) {
  for (const auto* head : {&preflight, &answer}) {
    const auto allowed = head->header("Access-Control-Allow-Origin");
    if (allowed == "*" || allowed == origin) continue;
    const std::string which = head == &preflight ? "the preflight" : "an answer";
    return {verdict::fail, which + " allows " + (allowed.empty() ? "no origin" : std::string(allowed)),
            "List the origin in the relay's http.cors_origins, and let the proxy neither answer OPTIONS itself nor"
            " change these headers."};
  }
  return {verdict::pass, "pages of " + std::string(origin) + " may use it"};
}

finding judge_idle(const idle_stream& stream) {
  const auto held = std::to_string(stream.held.count()) + " s";
  const auto seen = std::to_string(stream.heartbeats) + (stream.heartbeats == 1 ? " heartbeat" : " heartbeats");
  if (!stream.ended.empty() && stream.heartbeats > 0)
    return {verdict::fail, "cut after " + held + " though " + seen + " came: " + stream.ended,
            "Something limits whole responses, not silence. Envoy, Istio: timeout: 0s for the route; a load balancer:"
            " raise the backend's time limit; or the proxy was restarted."};
  if (!stream.ended.empty())
    return {verdict::fail, "cut after " + held + " of silence: " + stream.ended,
            "The proxy waits less than the relay's heartbeat of " + std::to_string(stream.heartbeat.count()) +
                " s, or holds heartbeats back. nginx: proxy_read_timeout 75s; HAProxy: timeout server and timeout"
                " tunnel; or a shorter stream.heartbeat."};
  const bool expects_heartbeat = stream.wanted >= 2 * stream.heartbeat;
  if (expects_heartbeat && stream.heartbeats == 0)
    return {verdict::fail, "no heartbeat came in " + held, std::string(buffering_advice)};
  if (!stream.event_came)
    return {verdict::fail, "after " + held + " the stream looked open, but an event did not come any more",
            "A firewall or a NAT forgot the connection without telling anybody. A shorter stream.heartbeat keeps it."};
  return {verdict::pass, "after " + held + " with " + seen + " it is still open, and an event came"};
}

}  // namespace event_relay::client
