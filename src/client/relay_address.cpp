#include "event_relay/client/relay_address.hpp"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace event_relay::client {
namespace {

using url_handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

url_handle parsed(const std::string& url) {
  url_handle handle{curl_url(), &curl_url_cleanup};
  if (handle == nullptr || curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) handle.reset();
  return handle;
}

std::string part_of(const url_handle& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner{text, &curl_free};
  return text;
}

std::string whole(const url_handle& url) {
  auto text = part_of(url, CURLUPART_URL);
  while (text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

std::optional<relay_address> relay_address::parse(const std::string& text) {
  const auto url = parsed(text);
  if (url == nullptr) return std::nullopt;
  const auto scheme = part_of(url, CURLUPART_SCHEME);
  const bool has_more = !part_of(url, CURLUPART_QUERY).empty() || !part_of(url, CURLUPART_FRAGMENT).empty();
  if ((scheme != "http" && scheme != "https") || has_more) return std::nullopt;
  auto with_user = whole(url);
  curl_url_set(url.get(), CURLUPART_USER, nullptr, 0);
  curl_url_set(url.get(), CURLUPART_PASSWORD, nullptr, 0);
  return relay_address(std::move(with_user), whole(url));
}

relay_address relay_address::of_listener(std::string host, unsigned port) {
  if (host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  const auto url = "http://" + host + ":" + std::to_string(port);
  relay_address relay(url, url);
  relay.direct_ = true;
  return relay;
}

http_request relay_address::get(const std::string& path, const parameters& query) const {
  const auto url = parsed(url_ + path);
  if (url == nullptr) throw std::invalid_argument("not a path: " + path);
  for (const auto& [name, value] : query)
    curl_url_set(url.get(), CURLUPART_QUERY, (name + "=" + value).c_str(), CURLU_APPENDQUERY | CURLU_URLENCODE);
  http_request request{.url = part_of(url, CURLUPART_URL), .direct = direct_};
  if (!token_.empty()) request.headers.emplace_back("Authorization", "Bearer " + token_);
  return request;
}

http_request relay_address::post(const std::string& path, const parameters& query, const std::string& content_type,
                                 std::string body) const {
  auto request = get(path, query);
  request.method = "POST";
  request.headers.emplace_back("Content-Type", content_type);
  request.body = std::move(body);
  return request;
}

}  // namespace event_relay::client
