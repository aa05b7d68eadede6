#pragma once

#include "event_relay/core/config.hpp"

#include <string>
#include <string_view>

namespace event_relay {

/// Collects what is wrong, so that a person sees every problem at the first start and not one a start.
class config_checks {
 public:
  void refuse(std::string_view key, std::string text);
  void require(bool holds, std::string_view key, std::string text);

  /// Both bounds included.
  void between(std::string_view key, std::chrono::milliseconds value, std::chrono::milliseconds least,
               std::chrono::milliseconds most);
  void between(std::string_view key, std::uint64_t value, std::uint64_t least, std::uint64_t most);
  void size_between(std::string_view key, std::uint64_t value, std::uint64_t least, std::uint64_t most);

  const std::vector<config_problem>& problems() const { return problems_; }

 private:
  void outside(std::string_view key, const std::string& value, const std::string& least, const std::string& most);

  std::vector<config_problem> problems_;
};

/// Literal IPv4 or IPv6 address without brackets, prefix length or zone.
bool is_ip_address(const std::string& text);

/// RFC 6750 2.1, and long enough that nobody guesses it.
bool is_access_token(std::string_view text);

/// `*`, or an origin as browsers write it: lower-case scheme and host, no path, no slash at the end.
bool is_cors_origin(std::string_view text);

}  // namespace event_relay
