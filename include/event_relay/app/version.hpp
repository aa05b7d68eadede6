#pragma once

#include <string_view>

namespace event_relay {

/// The same as project(VERSION) in CMakeLists.txt; a test compares them.
inline constexpr std::string_view version = "0.1.0";

}  // namespace event_relay
