#include "app/process_metrics.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace event_relay {
namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Linux 6.2 and later have the number in the folder's size. Counting the entries takes milliseconds when there are
/// many, and the streams of the same I/O thread wait.
std::size_t open_descriptors() {
  struct stat folder {};
  if (::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0) return static_cast<std::size_t>(folder.st_size);
  std::error_code ignored;
  const auto listed = std::distance(std::filesystem::directory_iterator("/proc/self/fd", ignored), {});
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(listed - 1, 0));  // one of them is of the listing
}

}  // namespace

void add_process_metrics(metric_families& families, timestamp started_at) {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0)
    families.counter("process_cpu_seconds_total", "Processor time spent in user and kernel mode",
                     seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
  std::size_t virtual_pages = 0;
  std::size_t resident_pages = 0;
  const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (std::ifstream("/proc/self/statm") >> virtual_pages >> resident_pages) {
    families.gauge("process_virtual_memory_bytes", "Size of the address space",
                   static_cast<double>(virtual_pages) * page);
    families.gauge("process_resident_memory_bytes", "Memory that is in use",
                   static_cast<double>(resident_pages) * page);
  }
  families.gauge("process_open_fds", "Open file descriptors", open_descriptors());
  rlimit most{};
  if (::getrlimit(RLIMIT_NOFILE, &most) == 0)
    families.gauge("process_max_fds", "File descriptors that may be open", most.rlim_cur);
  families.gauge("process_start_time_seconds", "When the process started, in seconds since 1970",
                 std::chrono::duration<double>(started_at.time_since_epoch()).count());
}

}  // namespace event_relay
