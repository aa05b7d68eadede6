# Makes one C++ source with a function that returns a journal's migrations, so that the binary is all one has to ship.
#   embed_sql(OUT_VARIABLE FUNCTION file.sql...)   numbered in the order given, from 1
function(embed_sql out function)
  set(rows "")
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    file(READ "${file}" sql)
    get_filename_component(name "${file}" NAME_WE)
    string(REGEX REPLACE "^[0-9]+_" "" name "${name}")
    string(REPLACE "_" " " name "${name}")
    string(APPEND rows "    {\"${name}\", R\"embedded_sql(${sql})embedded_sql\"},\n")
  endforeach()
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp")
  file(CONFIGURE OUTPUT "${generated}" @ONLY CONTENT "#include \"journal/migrations.hpp\"

namespace event_relay {

std::span<const migration> @function@() {
  static constexpr migration all[] = {
@rows@  };
  return all;
}

}  // namespace event_relay
")
  set(${out} "${generated}" PARENT_SCOPE)
endfunction()
