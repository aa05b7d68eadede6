# ccache, told enough about precompiled headers to use them (its manual, "Precompiled headers"), and that two clones of the
# same commit are the same sources: without both, nine of ten compilations of this project miss.
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    "${CMAKE_COMMAND}" -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
    "${CCACHE}")
  add_compile_options(-fpch-preprocess)
endif()
