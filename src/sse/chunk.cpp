#include "event_relay/sse/chunk.hpp"

#include <array>
#include <charconv>

namespace event_relay::sse {

std::size_t append_chunk(std::string& out, std::string_view payload) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), payload.size(), 16).ptr;
  const auto head = static_cast<std::size_t>(end - digits.data()) + 2;
  out.append(digits.data(), end).append("\r\n").append(payload).append("\r\n");
  return head;
}

std::string framed(body_framing framing, std::string_view payload) {
  if (framing == body_framing::close_delimited) return std::string(payload);
  std::string chunk;
  append_chunk(chunk, payload);
  return chunk;
}

}  // namespace event_relay::sse
