# The deliberately broken locks: a host program makes the changed copies of the lock in the build folder, and each is
# compiled as the lock itself is. Included by the project's CMakeLists.txt.

set(broken_folder ${PROJECT_BINARY_DIR}/broken_locks)
set(defects_table ${CMAKE_CURRENT_LIST_DIR}/defects.txt)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${defects_table})
file(STRINGS ${defects_table} defect_names REGEX "^defect [a-z0-9-]+$")
list(TRANSFORM defect_names REPLACE "^defect " "")

add_executable(break_locks ${CMAKE_CURRENT_LIST_DIR}/break_locks.cc)
target_link_libraries(break_locks PRIVATE common)

set(broken_objects "")
set(generated ${broken_folder}/table.cc)
foreach(name ${defect_names})
  set(source ${broken_folder}/${name}/lock/rqspinlock.cc)
  set(defect ${broken_folder}/${name}/defect.txt)
  list(APPEND generated ${source} ${defect})
  # No warnings: a step left out leaves things behind that nobody uses.
  instrument_lock(${source} ${broken_folder}/${name}/rqspinlock.bc FLAGS -w -I${broken_folder}/${name}
                  DEPENDS ${defect})
  link_lock_object(${broken_folder}/${name}.o BITCODE ${broken_folder}/${name}/rqspinlock.bc)
  list(APPEND broken_objects ${broken_folder}/${name}.o)
endforeach()

file(GLOB lock_files CONFIGURE_DEPENDS lock/*.h lock/*.cc)
add_custom_command(
  OUTPUT ${generated}
  COMMAND break_locks ${PROJECT_SOURCE_DIR} ${defects_table} ${broken_folder}
  DEPENDS break_locks ${defects_table} ${lock_files}
  COMMENT "Breaking the lock"
  VERBATIM)

add_library(broken_locks STATIC ${CMAKE_CURRENT_LIST_DIR}/broken_locks.cc ${broken_folder}/table.cc ${broken_objects})
target_link_libraries(broken_locks PUBLIC lock_type scenario)

# `rqfuzz bench find-bugs`, a program of its own.
file(GLOB find_bugs_sources CONFIGURE_DEPENDS tests/find_bugs/*.cc)
list(FILTER find_bugs_sources EXCLUDE REGEX "(_test|/main)\\.cc$")
add_library(find_bugs STATIC ${find_bugs_sources})
target_link_libraries(find_bugs PUBLIC broken_locks engines report)
target_compile_definitions(find_bugs PRIVATE RQFUZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
add_executable(rqfuzz_find_bugs tests/find_bugs/main.cc)
# It reads arguments and prints: as in cli.
target_compile_options(rqfuzz_find_bugs PRIVATE -O0)
target_precompile_headers(rqfuzz_find_bugs REUSE_FROM cli)
target_link_libraries(rqfuzz_find_bugs PRIVATE find_bugs CLI11::CLI11 lock_instrumented)

file(GLOB find_bugs_tests CONFIGURE_DEPENDS tests/find_bugs/*_test.cc)
add_tests(broken_locks_tests 4 tests/broken_locks/broken_locks_test.cc ${find_bugs_tests})
target_link_libraries(broken_locks_tests PRIVATE find_bugs lock_instrumented)
target_compile_definitions(broken_locks_tests PRIVATE RQFUZZ_BINARY="${PROJECT_BINARY_DIR}/rqfuzz"
                                                      RQFUZZ_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
add_dependencies(broken_locks_tests rqfuzz rqfuzz_find_bugs)
