#include "event_relay/client/http_exchange.hpp"

#include "event_relay/client/interruption.hpp"
#include "event_relay/core/units.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <cstring>

namespace event_relay::client {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool is_same_name(std::string_view left, std::string_view right) {
  return std::ranges::equal(
      left, right, {}, [](unsigned char c) { return std::tolower(c); },
      [](unsigned char c) { return std::tolower(c); });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// The user's exceptions, and this machine itself: no proxy knows better how to reach that.
std::string hosts_without_proxy() {
  std::string hosts = "localhost,127.0.0.0/8,::1";
  for (const auto* name : {"no_proxy", "NO_PROXY"})
    if (const auto* value = std::getenv(name); value != nullptr) return hosts.append(",").append(value);
  return hosts;
}

failure reason_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return failure::not_resolved;
    case CURLE_OPERATION_TIMEDOUT: return failure::timed_out;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return failure::cut_off;
    case CURLE_COULDNT_CONNECT: return failure::not_connected;
    default: return failure::other;
  }
}

void prepare_library() {
  static const auto code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

}  // namespace

std::string_view http_head::header(std::string_view name) const {
  const auto found =
      std::ranges::find_if(headers, [&](const auto& header) { return is_same_name(header.first, name); });
  return found == headers.end() ? std::string_view{} : found->second;
}

/// What libcurl's callbacks write into, and the handles.
struct http_exchange::transfer {
  transfer(http_request wanted, const interruption* stopped_by) : request(std::move(wanted)), stop(stopped_by) {
    prepare_library();
    easy = curl_easy_init();
    multi = curl_multi_init();
    if (easy == nullptr || multi == nullptr) throw std::bad_alloc();
    describe();
    curl_multi_add_handle(multi, easy);
  }

  ~transfer() {
    curl_multi_remove_handle(multi, easy);
    curl_easy_cleanup(easy);
    curl_multi_cleanup(multi);
    curl_slist_free_all(list);
  }

  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  void describe() {
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, request.direct ? "*" : hosts_without_proxy().c_str());
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);  // or the end waits for a name server that does not answer
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "event-relay");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, error.data());
    if (request.method == "POST") {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    } else if (request.method != "GET") {
      curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    for (const auto& [name, value] : request.headers) list = curl_slist_append(list, (name + ": " + value).c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &transfer::take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &transfer::take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  }

  static std::size_t take_body(const char* bytes, std::size_t size, std::size_t count, void* self) {
    static_cast<transfer*>(self)->body.append(bytes, size * count);
    return size * count;
  }

  static std::size_t take_header(const char* bytes, std::size_t size, std::size_t count, void* self) {
    static_cast<transfer*>(self)->add_header({bytes, size * count});
    return size * count;
  }

  void add_header(std::string_view line) {
    if (line.starts_with("HTTP/")) {  // again after an interim answer such as 100
      head = {.version = std::string(line.substr(0, line.find(' '))), .status = 0, .headers = {}};
      head.status = std::atoi(std::string(trimmed(line.substr(line.find(' ')))).c_str());
    } else if (trimmed(line).empty()) {
      has_head = has_head || head.status >= 200;
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos && !has_head) {
      head.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
    }
  }

  /// Lets libcurl work until the condition holds or the exchange has ended; false: neither, and the time is over.
  bool work_until(auto condition, milliseconds patience) {
    for (const auto end = clock::now() + patience; !condition() && !result; wait(end)) {
      int running = 0;
      curl_multi_perform(multi, &running);
      int left = 0;
      while (const auto* message = curl_multi_info_read(multi, &left))
        if (message->msg == CURLMSG_DONE) result = message->data.result;
      if (condition() || result) break;
      if (stop != nullptr && stop->happened()) throw transfer_failure(failure::interrupted, "interrupted");
      if (clock::now() >= end) return false;
    }
    return true;
  }

  void wait(clock::time_point end) {
    std::vector<curl_waitfd> others;
    if (stop != nullptr)
      for (const auto& one : stop->watched())
        others.push_back({one.fd, static_cast<short>(one.events == POLLIN ? CURL_WAIT_POLLIN : 0), 0});
    const auto left = std::chrono::ceil<milliseconds>(end - clock::now()).count();
    curl_multi_poll(multi, others.data(), static_cast<unsigned>(others.size()),
                    static_cast<int>(std::clamp<long>(left, 0, 60'000)), nullptr);
  }

  [[noreturn]] void fail() const {
    const auto why = reason_of(*result);
    long system_error = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
    if (*result == CURLE_COULDNT_CONNECT && system_error != 0)
      throw transfer_failure(why, std::strerror(static_cast<int>(system_error)));
    if (why == failure::cut_off) throw transfer_failure(why, "the connection was lost");
    throw transfer_failure(why, error[0] != '\0' ? error.data() : curl_easy_strerror(*result));
  }

  http_request request;
  const interruption* stop;
  CURL* easy = nullptr;
  CURLM* multi = nullptr;
  curl_slist* list = nullptr;
  std::array<char, CURL_ERROR_SIZE> error{};
  http_head head;
  bool has_head = false;
  std::string body;
  std::optional<CURLcode> result;
};

http_exchange::http_exchange(http_request request, const interruption* stopped_by)
    : transfer_(std::make_unique<transfer>(std::move(request), stopped_by)) {}

http_exchange::~http_exchange() = default;

const http_head& http_exchange::head(milliseconds patience) {
  if (!transfer_->work_until([this] { return transfer_->has_head; }, patience))
    throw transfer_failure(failure::timed_out, "no answer within " + format_duration(patience));
  if (!transfer_->has_head) transfer_->fail();
  return transfer_->head;
}

bool http_exchange::wait_for_more(milliseconds patience) {
  return transfer_->work_until([this] { return !transfer_->body.empty(); }, patience);
}

std::optional<std::string> http_exchange::read(milliseconds patience) {
  if (!wait_for_more(patience))
    throw transfer_failure(failure::timed_out, "not a byte within " + format_duration(patience));
  if (!transfer_->body.empty()) return std::exchange(transfer_->body, {});
  if (*transfer_->result != CURLE_OK) transfer_->fail();
  return std::nullopt;
}

std::string http_exchange::read_to_end(clock::time_point end) {
  std::string whole;
  for (;;) {
    if (!wait_for_more(std::max(milliseconds(0), std::chrono::ceil<milliseconds>(end - clock::now()))))
      throw transfer_failure(failure::timed_out, "the answer is not complete in time");
    const auto more = read(milliseconds(0));
    if (!more) return whole;
    whole += *more;
  }
}

http_response exchange(http_request request, milliseconds patience, const interruption* stopped_by) {
  const auto end = clock::now() + patience;
  http_exchange one(std::move(request), stopped_by);
  const auto& head = one.head(patience);
  auto body = one.read_to_end(end);
  return {head, std::move(body)};
}

}  // namespace event_relay::client
