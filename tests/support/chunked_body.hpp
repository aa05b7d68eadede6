#pragma once

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace event_relay::test {

/// A chunked body taken apart as RFC 9112 7.1 has it, without extensions and trailers. Throws std::runtime_error when
/// it is not one; it may be cut off in the middle of a chunk, which is then left out.
struct chunked_body {
  explicit chunked_body(std::string_view bytes) {
    while (!bytes.empty() && !complete) {
      const auto line = bytes.find("\r\n");
      if (line == std::string_view::npos) return;
      std::size_t size = 0;
      const auto [end, error] = std::from_chars(bytes.data(), bytes.data() + line, size, 16);
      if (error != std::errc{} || end != bytes.data() + line) throw std::runtime_error("not a chunk size");
      bytes.remove_prefix(line + 2);
      if (bytes.size() < size + 2) return;
      if (bytes.substr(size, 2) != "\r\n") throw std::runtime_error("a chunk is longer than it says");
      if (size == 0)
        complete = true;
      else
        chunks.emplace_back(bytes.substr(0, size));
      bytes.remove_prefix(size + 2);
    }
    rest = bytes;
  }

  std::string payload() const {
    std::string all;
    for (const auto& chunk : chunks) all += chunk;
    return all;
  }

  std::vector<std::string> chunks;
  bool complete = false;  ///< the last chunk has come
  std::string rest;       ///< what came after it
};

}  // namespace event_relay::test
