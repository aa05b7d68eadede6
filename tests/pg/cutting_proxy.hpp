#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

namespace event_relay::test {

/// Stands between a client and the unix socket of a PostgreSQL server, one connection at a time, and cuts the
/// connection at the worst moment when told to.
class cutting_proxy {
 public:
  explicit cutting_proxy(const std::filesystem::path& server_folder);
  ~cutting_proxy();
  cutting_proxy(const cutting_proxy&) = delete;
  cutting_proxy& operator=(const cutting_proxy&) = delete;

  /// The connection string for the same database, through the proxy.
  std::string through(const std::string& url) const { return url + " host=" + folder_.string(); }

  /// The next request is passed on to the server; its answer is awaited and thrown away, and the connection is cut.
  void cut_before_next_answer() noexcept { cut_answer_ = true; }

  /// The next request is thrown away, and the connection is cut.
  void cut_before_next_request() noexcept { cut_request_ = true; }

 private:
  void run();
  void serve(int client, int server);
  bool pass_on(int from, int to, std::atomic<bool>& cut_instead);

  std::filesystem::path folder_;
  std::filesystem::path server_socket_;
  int listener_ = -1;
  std::atomic<bool> cut_answer_ = false;
  std::atomic<bool> cut_request_ = false;
  int stop_pipe_[2] = {-1, -1};
  std::jthread thread_;
};

}  // namespace event_relay::test
