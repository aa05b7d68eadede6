#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace event_relay::client {

class interruption;

using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_request {
  std::string method = "GET";
  std::string url;
  http_headers headers{};
  std::string body{};   ///< of a POST
  bool direct = false;  ///< by no proxy, whatever the environment says
  std::chrono::milliseconds connect_timeout{10'000};
};

/// What comes before the body.
struct http_head {
  std::string version;  ///< as people say it: HTTP/1.1, HTTP/2
  int status = 0;
  http_headers headers;

  /// The first value of this name, in whatever case it came; empty if there is none.
  std::string_view header(std::string_view name) const;
};

struct http_response {
  http_head head;
  std::string body;
};

enum class failure {
  not_resolved,   ///< no host has this name
  not_connected,  ///< refused, unreachable
  timed_out,
  cut_off,  ///< the connection ended where it should not
  interrupted,
  other,  ///< nothing that would be better the next time: a certificate, an answer that is not HTTP
};

/// No answer, or not all of it. The text is for people and says what was asked for.
class transfer_failure : public std::runtime_error {
 public:
  transfer_failure(failure reason, const std::string& text) : std::runtime_error(text), why(reason) {}

  failure why;
};

/// One request and its answer, read as it comes. By libcurl, which brings TLS, HTTP/2 and proxies. Whoever waits in one
/// of the functions is woken by the interruption, if there is one. All of them throw transfer_failure.
class http_exchange {
 public:
  explicit http_exchange(http_request request, const interruption* stopped_by = nullptr);
  ~http_exchange();
  http_exchange(const http_exchange&) = delete;
  http_exchange& operator=(const http_exchange&) = delete;

  const http_head& head(std::chrono::milliseconds patience);

  /// Whether more of the body, or its end, has come within the time: then read() does not wait.
  bool wait_for_more(std::chrono::milliseconds patience);

  /// What has come of the body, but at least a byte; nothing at its end.
  std::optional<std::string> read(std::chrono::milliseconds patience);

  /// All that is left of it.
  std::string read_to_end(std::chrono::steady_clock::time_point end);

 private:
  struct transfer;

  std::unique_ptr<transfer> transfer_;
};

/// The whole of it, within the time.
http_response exchange(http_request request, std::chrono::milliseconds patience,
                       const interruption* stopped_by = nullptr);

}  // namespace event_relay::client
