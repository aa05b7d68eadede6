#include "journal/sqlite_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace event_relay {
namespace {

constexpr mode_t for_the_owner = 0600;
constexpr std::size_t record_bytes = 32;  // "EPOCH-POSITION", filled up with spaces: always the same bytes of the file

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw journal_refused("journal.url: sqlite:" + path + ": " + why);
}

/// Without symbolic links, so that two names of one file share their lock.
std::string resolved(const std::string& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error);
  if (error) refuse(path, error.message());
  const auto folder = absolute.parent_path();
  if (!std::filesystem::is_directory(folder, error)) refuse(path, "there is no folder " + folder.string());
  const auto canonical = std::filesystem::weakly_canonical(absolute, error);
  if (error) refuse(path, error.message());
  return canonical.string();
}

int locked(const std::string& path) {
  const auto beside = path + "-lock";
  const int number = ::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, for_the_owner);
  if (number < 0) refuse(path, "cannot open " + beside + ": " + std::strerror(errno));
  if (::flock(number, LOCK_EX | LOCK_NB) == 0) return number;
  const int why = errno;
  ::close(number);
  if (why == EWOULDBLOCK)
    refuse(path, "another event-relay uses this file; several relays on one journal need PostgreSQL");
  refuse(path, "cannot lock " + beside + ": " + std::strerror(why));
}

known_history read_history(int lock) {
  std::array<char, record_bytes> record{};
  const auto size = ::pread(lock, record.data(), record.size(), 0);
  const std::string_view text{record.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  const auto id = parse_event_id(text.substr(0, text.find(' ')));
  return id ? known_history{id->epoch, id->position} : known_history{};
}

}  // namespace

descriptor::~descriptor() {
  ::close(number_);
}

sqlite_file::sqlite_file(const std::string& path)
    : path_{resolved(path)}, lock_{locked(path_)}, remembered_{read_history(lock_.get())} {
  make_file();
}

/// SQLite would make it too, but readable by everybody, and gives its other files the mode of this one. The folder is
/// synchronised, or a power cut could take the name of a file that holds acknowledged events.
void sqlite_file::make_file() const {
  const descriptor file{::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, for_the_owner)};
  if (file.get() < 0) refuse(path_, std::string{"cannot be opened for writing: "} + std::strerror(errno));
  const auto folder_path = std::filesystem::path{path_}.parent_path();
  const descriptor folder{::open(folder_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.get() < 0 || ::fsync(folder.get()) != 0)
    refuse(path_, "cannot synchronise its folder: " + std::string{std::strerror(errno)});
}

void sqlite_file::remember(known_history history) noexcept {
  remembered_ = history;
  std::array<char, record_bytes> record{};
  record.fill(' ');
  const auto text = to_string(event_id{history.epoch, history.head});
  text.copy(record.data(), record.size() - 1);
  record.back() = '\n';
  // What cannot be written is not remembered, and nothing else is lost.
  [[maybe_unused]] const auto written = ::pwrite(lock_.get(), record.data(), record.size(), 0);
}

file_identity identity_of(const std::string& path) noexcept {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino};
}

}  // namespace event_relay
