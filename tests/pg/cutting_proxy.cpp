#include "cutting_proxy.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace event_relay::test {
namespace {

constexpr const char* socket_name = ".s.PGSQL.5432";

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

template <class Call>
int with_address(Call call, int socket, const std::filesystem::path& path) {
  const auto address = address_of(path);
  return call(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

int unix_socket() {
  return checked(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
}

bool is_ready(const pollfd& polled) {
  return polled.revents != 0;
}

}  // namespace

cutting_proxy::cutting_proxy(const std::filesystem::path& server_folder) : server_socket_{server_folder / socket_name} {
  auto name = (std::filesystem::temp_directory_path() / "event-relay-proxy-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp");
  folder_ = name;
  checked(::pipe2(stop_pipe_, O_CLOEXEC), "pipe2");
  listener_ = unix_socket();
  checked(with_address(::bind, listener_, folder_ / socket_name), "bind");
  checked(::listen(listener_, 8), "listen");
  thread_ = std::jthread{[this] { run(); }};
}

cutting_proxy::~cutting_proxy() {
  ::close(stop_pipe_[1]);
  thread_.join();
  ::close(stop_pipe_[0]);
  ::close(listener_);
  std::filesystem::remove_all(folder_);
}

void cutting_proxy::run() {
  for (;;) {
    std::array<pollfd, 2> wanted{{{listener_, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}}};
    if (::poll(wanted.data(), wanted.size(), -1) < 0) continue;
    if (is_ready(wanted[1])) return;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = unix_socket();
    if (with_address(::connect, server, server_socket_) == 0) serve(client, server);
    ::close(client);
    ::close(server);
  }
}

void cutting_proxy::serve(int client, int server) {
  for (;;) {
    std::array<pollfd, 3> wanted{{{client, POLLIN, 0}, {server, POLLIN, 0}, {stop_pipe_[0], POLLIN, 0}}};
    if (::poll(wanted.data(), wanted.size(), -1) < 0) continue;
    if (is_ready(wanted[2])) return;
    if (is_ready(wanted[0]) && !pass_on(client, server, cut_request_)) return;
    if (is_ready(wanted[1]) && !pass_on(server, client, cut_answer_)) return;
  }
}

bool cutting_proxy::pass_on(int from, int to, std::atomic<bool>& cut_instead) {
  std::array<char, 65536> buffer{};
  const auto received = ::recv(from, buffer.data(), buffer.size(), 0);
  if (received <= 0 || cut_instead.exchange(false)) return false;
  for (::ssize_t sent = 0; sent < received;) {
    const auto n = ::send(to, buffer.data() + sent, static_cast<std::size_t>(received - sent), MSG_NOSIGNAL);
    if (n < 0) return false;
    sent += n;
  }
  return true;
}

}  // namespace event_relay::test
