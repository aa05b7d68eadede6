# Flags that every target of this project is built with.
add_library(event_relay_options INTERFACE)
target_compile_options(event_relay_options INTERFACE
  # Shadowing of members cannot happen: they end in an underscore.
  -Wall -Wextra -Wpedantic -Wshadow=local -Wconversion -Woverloaded-virtual -Wold-style-cast
  # GCC 12 reports these falsely inside coroutine frames and std::string (GCC bugs 105562, 105329, 109224).
  -Wno-maybe-uninitialized -Wno-restrict -Wno-mismatched-new-delete
  $<$<CONFIG:Release>:-fno-plt>)
# Nothing is looked up when it is called for the first time (-fno-plt), so what leads to other libraries can be read-only.
target_link_options(event_relay_options INTERFACE LINKER:-z,relro,-z,now)
target_include_directories(event_relay_options INTERFACE "${PROJECT_SOURCE_DIR}/include")

if(EVENT_RELAY_SANITIZE)
  target_compile_options(event_relay_options INTERFACE
    -fsanitize=${EVENT_RELAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(event_relay_options INTERFACE -fsanitize=${EVENT_RELAY_SANITIZE})
  if(EVENT_RELAY_SANITIZE MATCHES "undefined")
    # Suppressions only work for checks that can go on, and CAF needs two (tests/sanitizers/ubsan.supp). Every other
    # null finding still ends the program, by halt_on_error.
    target_compile_options(event_relay_options INTERFACE -fsanitize-recover=null)
  endif()
endif()
