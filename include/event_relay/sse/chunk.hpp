#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace event_relay::sse {

/// How the body of a stream is delimited: HTTP/1.1 has chunks (RFC 9112 7.1), for HTTP/1.0 the connection's end is the
/// body's end.
enum class body_framing : unsigned char { chunked, close_delimited };

/// Appends `payload` as one chunk; returns how many bytes of the chunk come before the payload. An event is one chunk:
/// some clients mis-frame when a read starts in the middle of one.
std::size_t append_chunk(std::string& out, std::string_view payload);

/// Bytes of a chunk after its payload: CRLF.
inline constexpr std::size_t chunk_tail_bytes = 2;

/// The empty chunk that ends a body.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

/// The payload as the framing wants it on the wire.
std::string framed(body_framing framing, std::string_view payload);

}  // namespace event_relay::sse
