#pragma once

#include <filesystem>
#include <string>

#include <sys/types.h>

namespace event_relay::test {

/// A PostgreSQL server of the test program's own: made by initdb in a temporary folder, reachable by a unix socket in
/// that folder and by nothing else, with all the durability of a real one. A guardian process stops it and removes the
/// folder when this object is destroyed, or when the test program dies in any way, by SIGKILL too.
/// Every member throws std::runtime_error with the output of the command that failed. One thread at a time.
class postgres_cluster {
 public:
  enum class stop_mode {
    fast,       ///< sessions are cut off, then a clean shutdown
    immediate,  ///< as after a power cut: the next start replays the log
  };

  postgres_cluster();
  ~postgres_cluster();
  postgres_cluster(const postgres_cluster&) = delete;
  postgres_cluster& operator=(const postgres_cluster&) = delete;

  /// The one of this test program, started on first use.
  static postgres_cluster& shared();

  /// Connection string of a new, empty database. `options` are those of CREATE DATABASE.
  std::string new_database(const std::string& options = {});

  /// Connection string of a database that exists.
  std::string url_of(const std::string& database) const;

  /// Connection string for the same database as another role.
  static std::string as_role(const std::string& url, const std::string& role);

  void start();
  void stop(stop_mode mode);
  void restart(stop_mode mode);

  /// Terminates every session but the one that asks.
  void kill_backends();

  /// Runs SQL with psql, returns the rows: values separated by '|', one row a line, no newline at the end.
  static std::string run_sql(const std::string& url, const std::string& sql);

  const std::filesystem::path& folder() const noexcept { return folder_; }

 private:
  void start_guardian();
  void initialise();
  std::string control(const std::string& arguments) const;

  std::filesystem::path folder_;
  std::string as_postgres_;  ///< prefix that runs a command as a user other than root
  int guardian_pipe_ = -1;   ///< held open as long as this process lives
  ::pid_t guardian_ = -1;
  int databases_ = 0;
};

}  // namespace event_relay::test
