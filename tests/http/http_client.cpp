#include "http/http_client.hpp"

#include <boost/algorithm/string/find.hpp>
#include <boost/algorithm/string/trim.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace event_relay::test {
namespace {

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

template <class Value>
void set_option(int socket, int name, const Value& value) {
  if (::setsockopt(socket, SOL_SOCKET, name, &value, sizeof value) != 0) fail("setsockopt");
}

}  // namespace

std::string http_answer::header(std::string_view name) const {
  const auto at = boost::algorithm::ifind_first(head, "\r\n" + std::string(name) + ":");
  if (at.empty()) return {};
  const auto rest = std::string(at.end(), head.end());
  return boost::algorithm::trim_copy(rest.substr(0, rest.find("\r\n")));
}

bool http_answer::has(std::string_view name) const {
  return !boost::algorithm::ifind_first(head, "\r\n" + std::string(name) + ":").empty();
}

http_client::http_client(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) fail("socket");
  const timeval limit{patience, 0};
  set_option(socket_, SO_RCVTIMEO, limit);
  set_option(socket_, SO_SNDTIMEO, limit);
  if (receive_buffer > 0) set_option(socket_, SO_RCVBUF, receive_buffer);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(port);
  there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0) {
    const auto error = errno;
    ::close(std::exchange(socket_, -1));
    errno = error;
    fail("connect");
  }
}

http_client::~http_client() { close(); }

http_client::http_client(http_client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

bool http_client::try_send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void http_client::send(std::string_view bytes) {
  if (!try_send(bytes)) fail("send");
}

std::string http_client::read_some() {
  if (!received_.empty()) return std::exchange(received_, {});
  std::array<char, 16384> buffer;
  const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got < 0) fail("recv");
  return {buffer.data(), static_cast<std::size_t>(got)};
}

std::string http_client::read_exactly(std::size_t bytes) {
  std::string all;
  while (all.size() < bytes) {
    const auto more = read_some();
    if (more.empty()) throw std::runtime_error("the connection ended after: " + all);
    all += more;
  }
  received_ = all.substr(bytes);
  all.resize(bytes);
  return all;
}

std::string http_client::read_head() {
  std::string all;
  for (;;) {
    const auto more = read_some();
    if (more.empty()) throw std::runtime_error("the connection ended within a head: " + all);
    all += more;
    if (const auto end = all.find("\r\n\r\n"); end != std::string::npos) {
      received_ = all.substr(end + 4);
      all.resize(end + 4);
      return all;
    }
  }
}

http_answer http_client::read_answer(bool to_head) {
  http_answer answer;
  answer.head = read_head();
  answer.status = std::stoi(answer.head.substr(answer.head.find(' ') + 1, 3));
  const auto length = answer.header("Content-Length");
  if (!to_head && !length.empty()) answer.body = read_exactly(std::stoul(length));
  return answer;
}

http_answer http_client::ask(std::string_view request) {
  send(request);
  return read_answer(request.starts_with("HEAD "));
}

std::string http_client::read_to_end() {
  std::string all;
  for (;;) {
    const auto more = read_some();
    if (more.empty()) return all;
    all += more;
  }
}

bool http_client::readable_within(int milliseconds) {
  pollfd watched{socket_, POLLIN, 0};
  return !received_.empty() || ::poll(&watched, 1, milliseconds) > 0;
}

void http_client::finish_sending() { ::shutdown(socket_, SHUT_WR); }

void http_client::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

void http_client::reset() {
  set_option(socket_, SO_LINGER, linger{1, 0});
  close();
}

}  // namespace event_relay::test
