#pragma once

#include <string_view>

namespace event_relay::client {

class interruption;

/// Standard output, for a program that may be interrupted while a reader lets it wait.
class printer {
 public:
  explicit printer(const interruption& stop) : stop_(stop) {}

  /// False: interrupted, or nobody reads any more. Throws when it cannot be written otherwise, as to a full disk.
  bool print(std::string_view text) const;

 private:
  const interruption& stop_;
};

}  // namespace event_relay::client
