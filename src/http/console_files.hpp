#pragma once

#include <span>
#include <string_view>

namespace event_relay::http {

/// A file of src/console/, as the build has put it into the binary.
struct console_file {
  std::string_view name;
  std::string_view content_type;
  std::string_view entity_tag;  ///< with its quotes, as ETag has it
  std::string_view content;
};

/// All of them; lives as long as the program.
std::span<const console_file> console_files();

}  // namespace event_relay::http
