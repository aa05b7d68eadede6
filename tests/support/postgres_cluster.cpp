#include "support/postgres_cluster.hpp"

#include "support/shell.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace event_relay::test {
namespace {

/// Debian keeps initdb and pg_ctl out of the PATH.
std::string postgres_programs() {
  std::string newest;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    const auto folder = version.path() / "bin";
    if (std::filesystem::exists(folder / "initdb") && folder.string() > newest) newest = folder.string();
  }
  return newest.empty() ? "" : newest + "/";
}

std::string program(const std::string& name) {
  return shell_word(postgres_programs() + name);
}

/// A folder that belongs to whom the server will run as. PostgreSQL refuses to run as root.
std::filesystem::path make_folder() {
  auto name = (std::filesystem::temp_directory_path() / "event-relay-pg-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp");
  if (::geteuid() == 0) {
    const auto* postgres = ::getpwnam("postgres");
    if (postgres == nullptr) throw std::runtime_error("running as root needs the user postgres");
    if (::chown(name.c_str(), postgres->pw_uid, postgres->pw_gid) != 0)
      throw std::system_error(errno, std::generic_category(), "chown");
  }
  return name;
}

}  // namespace

postgres_cluster::postgres_cluster()
    : folder_{make_folder()}, as_postgres_{::geteuid() == 0 ? "cd / && runuser -u postgres -- " : ""} {
  start_guardian();
  initialise();
  start();
}

postgres_cluster::~postgres_cluster() {
  ::close(guardian_pipe_);
  while (::waitpid(guardian_, nullptr, 0) < 0 && errno == EINTR) continue;
}

postgres_cluster& postgres_cluster::shared() {
  static postgres_cluster cluster;
  return cluster;
}

/// A shell whose stdin is a pipe that only this process holds open: it reads the end of file when this process is gone.
void postgres_cluster::start_guardian() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
  guardian_pipe_ = ends[1];
  std::string script =
      "read nothing; " + control("-m immediate stop") + " >/dev/null 2>&1; rm -rf " + shell_word(folder_.string());
  std::string shell = "/bin/sh";
  std::string option = "-c";
  std::array<char*, 4> arguments{shell.data(), option.data(), script.data(), nullptr};

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, ends[0], STDIN_FILENO);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // a Ctrl-C for the test program is not for the guardian
  const int error = ::posix_spawn(&guardian_, shell.c_str(), &files, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  ::close(ends[0]);
  if (error != 0) throw std::system_error(error, std::generic_category(), "posix_spawn");
}

void postgres_cluster::initialise() {
  const auto data = (folder_ / "data").string();
  run_shell(as_postgres_ + program("initdb") + " -D " + shell_word(data) +
            " -U postgres -A trust -E UTF8 --locale=C.UTF-8 --data-checksums");
  std::ofstream settings{folder_ / "data" / "postgresql.conf", std::ios::app};
  settings << "listen_addresses = ''\n"
           << "unix_socket_directories = '" << folder_.string() << "'\n"
           << "shared_buffers = 256MB\n"
           << "max_connections = 100\n"
           << "max_wal_size = 2GB\n";
  if (!settings.flush()) throw std::runtime_error("cannot write postgresql.conf");
}

std::string postgres_cluster::control(const std::string& arguments) const {
  return as_postgres_ + program("pg_ctl") + " -s -w -t 60 -D " + shell_word((folder_ / "data").string()) + " -l " +
         shell_word((folder_ / "log").string()) + " " + arguments;
}

void postgres_cluster::start() {
  run_shell(control("start"));
}

void postgres_cluster::stop(stop_mode mode) {
  run_shell(control(mode == stop_mode::fast ? "-m fast stop" : "-m immediate stop"));
}

void postgres_cluster::restart(stop_mode mode) {
  run_shell(control(mode == stop_mode::fast ? "-m fast restart" : "-m immediate restart"));
}

std::string postgres_cluster::url_of(const std::string& database) const {
  return "host=" + folder_.string() + " dbname=" + database + " user=postgres";
}

std::string postgres_cluster::new_database(const std::string& options) {
  const auto name = "test" + std::to_string(++databases_);
  run_sql(url_of("postgres"), "CREATE DATABASE " + name + " " + options);
  return url_of(name);
}

std::string postgres_cluster::as_role(const std::string& url, const std::string& role) {
  return url + " user=" + role;
}

void postgres_cluster::kill_backends() {
  run_sql(url_of("postgres"),
          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
          " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
}

std::string postgres_cluster::run_sql(const std::string& url, const std::string& sql) {
  auto output =
      run_shell(program("psql") + " -X -A -t -q -v ON_ERROR_STOP=1 -d " + shell_word(url) + " -c " + shell_word(sql));
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

}  // namespace event_relay::test
