#pragma once

#include "event_relay/journal/journal.hpp"

#include <string>

namespace event_relay {

/// Closes its file descriptor at the end of its life.
class descriptor {
 public:
  explicit descriptor(int number) noexcept : number_{number} {}
  ~descriptor();
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  int get() const noexcept { return number_; }

 private:
  const int number_;
};

/// Where a journal is: a file that belongs to this process as long as the object lives, by a lock on PATH-lock. (Not on
/// the file itself: closing any descriptor of it would give up the locks that SQLite holds there.)
///
/// The lock's file also remembers how far the journal had come. It is not synchronised to the disk, so after a power
/// cut it may be behind, never ahead; but when somebody puts an older copy of the journal in place, it shows.
class sqlite_file {
 public:
  /// Makes an empty file, readable by its owner alone, if there is none. Throws journal_refused, with a text that names
  /// journal.url, when that cannot be or another process has the file.
  explicit sqlite_file(const std::string& path);

  const std::string& path() const noexcept { return path_; }

  /// The last that remember() was told, also by an earlier process; zeros if nothing is known.
  const known_history& remembered() const noexcept { return remembered_; }
  void remember(known_history history) noexcept;

 private:
  void make_file() const;

  const std::string path_;
  const descriptor lock_;
  known_history remembered_;
};

/// Which file a path leads to, whatever its name.
struct file_identity {
  unsigned long device = 0;
  unsigned long number = 0;  ///< 0: there is none

  friend bool operator==(const file_identity&, const file_identity&) = default;
};
file_identity identity_of(const std::string& path) noexcept;

}  // namespace event_relay
