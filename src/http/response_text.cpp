#include "event_relay/http/response_text.hpp"

#include <array>
#include <ctime>

namespace event_relay::http {
namespace {

/// IMF-fixdate (RFC 9110 5.6.7), made once a second.
const std::string& http_date() {
  thread_local std::time_t made_at = 0;
  thread_local std::string text;
  const auto now = std::time(nullptr);
  if (now != made_at) {
    made_at = now;
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 32> buffer;  // the C locale is never changed here, so the names are English
    text.assign(buffer.data(), std::strftime(buffer.data(), buffer.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  return text;
}

}  // namespace

std::string head_text(const boost::beast::http::response_header<>& head) {
  std::string text = head.version() == 10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  const std::string_view reason = boost::beast::http::obsolete_reason(head.result());
  text.append(std::to_string(head.result_int())).append(" ").append(reason);
  text.append("\r\nDate: ").append(http_date()).append("\r\nServer: event-relay\r\n");
  for (const auto& field : head) {
    const auto name = field.name_string();
    const auto value = field.value();
    text.append(name.data(), name.size()).append(": ").append(value.data(), value.size()).append("\r\n");
  }
  return text.append("\r\n");
}

std::string response_text(response& answer, bool keep_alive, bool head_only) {
  // Of 204 and 304 the length would be that of a body which is not sent (RFC 9110 8.6).
  const bool has_length = answer.result() != boost::beast::http::status::no_content &&
                          answer.result() != boost::beast::http::status::not_modified && !answer.chunked();
  if (has_length) answer.content_length(answer.body().size());
  answer.keep_alive(keep_alive);
  auto text = head_text(answer);
  if (!head_only) text += answer.body();
  return text;
}

}  // namespace event_relay::http
