#pragma once

#include <string_view>

namespace event_relay {

/// Whether the bytes are well-formed UTF-8 by RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
/// Runs over pure ASCII eight bytes at a time.
bool is_valid_utf8(std::string_view bytes) noexcept;

}  // namespace event_relay
