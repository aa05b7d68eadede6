# Makes a C++ source with a function that returns the text of a file, so that the binary is all one has to ship. The
# project's version is put in place of @PROJECT_VERSION@.
#   embed_text(OUT_VARIABLE FUNCTION http/file.json)   the function is declared in http/file.hpp
function(embed_text out function file)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
  file(READ "${file}" text)
  string(REPLACE "@PROJECT_VERSION@" "${PROJECT_VERSION}" text "${text}")
  cmake_path(REMOVE_EXTENSION file LAST_ONLY OUTPUT_VARIABLE header)
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp")
  file(CONFIGURE OUTPUT "${generated}" @ONLY CONTENT "#include \"@header@.hpp\"

namespace event_relay::http {

std::string_view @function@() { return R\"embedded(@text@)embedded\"; }

}  // namespace event_relay::http
")
  set(${out} "${generated}" PARENT_SCOPE)
endfunction()
