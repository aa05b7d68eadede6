#include "support/shell.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>

namespace event_relay::test {

std::string run_shell(const std::string& command) {
  // "e": a server started by the command must not inherit what other threads have open meanwhile.
  std::FILE* pipe = ::popen(("{ " + command + "\n} 2>&1").c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("popen failed for: " + command);
  std::string output;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.append(buffer.data(), n);
  const int status = ::pclose(pipe);
  if (status != 0) throw std::runtime_error("failed: " + command + "\n" + output);
  return output;
}

std::string shell_word(std::string_view word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return text + "'";
}

}  // namespace event_relay::test
