#pragma once

#include <string>
#include <string_view>

namespace event_relay::test {

/// Runs a command line with /bin/sh and returns what it wrote to stdout. Throws std::runtime_error with everything it
/// wrote when it fails.
std::string run_shell(const std::string& command);

/// As one word for /bin/sh.
std::string shell_word(std::string_view word);

}  // namespace event_relay::test
