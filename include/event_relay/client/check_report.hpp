#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace event_relay::client {

enum class verdict {
  pass,
  warn,  ///< works, but not for everybody, or not for long
  fail,
  skip,  ///< could not be looked at, or was not to be
};

/// What one look has shown.
struct finding {
  verdict is = verdict::pass;
  std::string seen;
  std::string advice{};  ///< what is probably wrong, and what to change
};

/// The findings, line by line, and what they amount to.
class check_report {
 public:
  explicit check_report(std::ostream& out) : out_(out) {}

  void add(std::string_view what, const finding& found);

  /// The last line.
  void close(std::string_view note);

  int exit_code() const noexcept { return failed_ > 0 ? 1 : 0; }

 private:
  std::ostream& out_;
  int passed_ = 0;
  int warned_ = 0;
  int failed_ = 0;
};

}  // namespace event_relay::client
