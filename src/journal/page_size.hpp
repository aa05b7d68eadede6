#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

namespace event_relay {

/// How many rows to ask for, learnt from how many of the last ones fitted. Rows beyond a page's byte limit are read and
/// sent for nothing: of 1000 rows of 2 KB, 872 at pages of 256 KiB.
class page_size {
 public:
  std::size_t rows(std::size_t limit) const noexcept {
    return std::clamp<std::size_t>(guess_, 1, std::max<std::size_t>(limit, 1));
  }

  void learn(std::size_t received, std::size_t fitted) noexcept {
    constexpr auto most = std::numeric_limits<std::size_t>::max() / 2;
    guess_ = fitted < received ? std::max<std::size_t>(16, fitted + fitted / 8 + 1) : std::min(guess_, most) * 2;
  }

 private:
  std::size_t guess_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace event_relay
