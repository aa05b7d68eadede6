# Makes one C++ source with the files of the console, each with its media type and an entity tag that changes with it.
#   embed_console(OUT_VARIABLE file...)
set(console_type_html "text/html; charset=utf-8")
set(console_type_css "text/css; charset=utf-8")
set(console_type_js "text/javascript; charset=utf-8")
set(console_type_svg "image/svg+xml")

function(embed_console out)
  set(rows "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    file(READ "${file}" content)
    get_filename_component(name "${file}" NAME)
    string(REGEX REPLACE ".*\\." "" kind "${name}")
    string(SHA256 tag "${content}")
    string(SUBSTRING "${tag}" 0 16 tag)
    string(APPEND rows "    {\"${name}\", \"${console_type_${kind}}\", R\"(\"${tag}\")\", R\"embedded_file(${content})embedded_file\"},\n")
  endforeach()
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/console_files.cpp")
  file(CONFIGURE OUTPUT "${generated}" @ONLY CONTENT "#include \"http/console_files.hpp\"

namespace event_relay::http {

std::span<const console_file> console_files() {
  static constexpr console_file all[] = {
@rows@  };
  return all;
}

}  // namespace event_relay::http
")
  set(${out} "${generated}" PARENT_SCOPE)
endfunction()
