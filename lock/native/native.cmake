# The lock on real threads: an installable library, its tests, and what is measured with it. Included by the project's
# CMakeLists.txt.
include(GNUInstallDirs)

file(GLOB native_sources CONFIGURE_DEPENDS lock/native/*.cc)
list(FILTER native_sources EXCLUDE REGEX "_test\\.cc$")
set(native_sources ${lock_sources} ${lock_type_sources} ${native_sources})
# The services are inline: they stand in front of every file of the locks.
set(native_flags -include ${PROJECT_SOURCE_DIR}/lock/native/services.h)

# native_library(<name> <flag>...): all locks and the services of threads, compiled with the flags.
function(native_library name)
  add_library(${name} STATIC ${native_sources})
  target_compile_options(${name} PRIVATE ${warnings} ${relative_paths} ${native_flags} PUBLIC ${ARGN})
  target_link_options(${name} PUBLIC ${ARGN})
  target_include_directories(${name} PUBLIC
      $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/rqspinlock>)
  target_compile_features(${name} PUBLIC cxx_std_20)
endfunction()

native_library(rqspinlock)

# --- The package: find_package(rqspinlock), then link rqspinlock::rqspinlock.
install(TARGETS rqspinlock EXPORT rqspinlock
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT rqspinlock)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/lock DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rqspinlock COMPONENT rqspinlock
        FILES_MATCHING PATTERN "*.h" PATTERN testing EXCLUDE PATTERN example EXCLUDE)
install(EXPORT rqspinlock FILE rqspinlock-config.cmake NAMESPACE rqspinlock::
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/rqspinlock COMPONENT rqspinlock)

# --- Tests.
file(GLOB native_test_sources CONFIGURE_DEPENDS lock/native/*_test.cc)
add_tests(native_tests 1 ${native_test_sources} lock/users/hash_map.cc)
target_link_libraries(native_tests PRIVATE rqspinlock Threads::Threads)

# A sanitized library would need the same sanitizers in the program that uses it.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  add_test(NAME native_package
           COMMAND ${PROJECT_SOURCE_DIR}/tests/native_package_test ${CMAKE_COMMAND} ${PROJECT_BINARY_DIR}
                   ${CMAKE_CXX_COMPILER})
endif()

# --- `rqfuzz stress`: programs of their own, one of them under the thread sanitizer.
file(GLOB stress_sources CONFIGURE_DEPENDS fuzz/stress/*.cc)
add_executable(rqfuzz_stress ${stress_sources})
target_link_libraries(rqfuzz_stress PRIVATE common rqspinlock nlohmann_json::nlohmann_json Threads::Threads)
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  native_library(rqspinlock_tsan -fsanitize=thread)
  add_executable(rqfuzz_stress_tsan ${stress_sources})
  target_link_libraries(rqfuzz_stress_tsan PRIVATE common rqspinlock_tsan nlohmann_json::nlohmann_json Threads::Threads)
  add_test(NAME stress_under_tsan COMMAND rqfuzz_stress_tsan linux-7.2 4 1 1)
endif()

# --- The native parts of `rqfuzz study`.
file(GLOB native_study_sources CONFIGURE_DEPENDS fuzz/study/native/*.cc)
add_executable(rqfuzz_native_study ${native_study_sources})
# The services stand in front here too: what the table costs is measured inline.
target_compile_options(rqfuzz_native_study PRIVATE ${native_flags})
target_link_libraries(rqfuzz_native_study PRIVATE common rqspinlock absl::synchronization
                                                  nlohmann_json::nlohmann_json Threads::Threads)
