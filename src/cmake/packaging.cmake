# The Debian package, from a build that is there:
#   cmake --preset release && cmake --build --preset release && cpack --preset deb      build/package/event-relay_*.deb
# Needs dpkg-dev (for the libraries it depends on), gzip and awk.
set(packaging_folder "${PROJECT_BINARY_DIR}/packaging")

# A component of its own: `cmake --install` leaves /etc and the units of the machine alone.
install(TARGETS event-relay RUNTIME DESTINATION bin COMPONENT relay)
install(FILES "${PROJECT_SOURCE_DIR}/config/systemd/event-relay.service" DESTINATION lib/systemd/system
  COMPONENT debian EXCLUDE_FROM_ALL)
install(FILES "${PROJECT_SOURCE_DIR}/config/debian/lintian-overrides" DESTINATION share/lintian/overrides
  RENAME event-relay COMPONENT debian EXCLUDE_FROM_ALL)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/config/proxies" DESTINATION share/doc/event-relay/examples
  COMPONENT debian EXCLUDE_FROM_ALL)

# What is made from other files is made when it is packed.
string(TIMESTAMP packaging_date "%Y-%m-%d" UTC)
configure_file(src/cmake/packaged_files.cmake.in "${packaging_folder}/packaged_files.cmake.in" @ONLY)
file(GENERATE OUTPUT "${packaging_folder}/packaged_files.cmake" INPUT "${packaging_folder}/packaged_files.cmake.in")
install(SCRIPT "${packaging_folder}/packaged_files.cmake" COMPONENT debian EXCLUDE_FROM_ALL)
file(WRITE "${packaging_folder}/conffiles" "/etc/event-relay/event-relay.ini\n")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME event-relay)
set(CPACK_PACKAGE_CONTACT "event-relay maintainers <maintainers@users.noreply.r-seed-f6996419.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "relay of events from HTTP to Server-Sent Events, with a journal")
set(CPACK_PACKAGE_DESCRIPTION
"Takes events by HTTP POST, stores them in a file or in PostgreSQL, and streams
them to any number of readers as Server-Sent Events, lines of JSON or pages.
Every reader gets all events in one order, also those that came while it was
away. Services can publish in their own database transactions.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_SOURCE_DIR}/build/package")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL relay debian)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql, sqlite3")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${packaging_folder}/conffiles"
  "${PROJECT_SOURCE_DIR}/config/debian/postinst"
  "${PROJECT_SOURCE_DIR}/config/debian/prerm"
  "${PROJECT_SOURCE_DIR}/config/debian/postrm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
