# Writes the files of fuzz/report/page/ as C++ constants, so that pages need no files beside the program:
#   cmake -DOUTPUT=<file> -DFOLDER=<folder> -P embed_page.cmake
set(content "// Written by embed_page.cmake.\n#include \"fuzz/report/page_files.h\"\nnamespace rqfuzz {\n")
file(GLOB files ${FOLDER}/*.html ${FOLDER}/*.css ${FOLDER}/*.js)
foreach(path ${files})
  cmake_path(GET path FILENAME name)
  string(MAKE_C_IDENTIFIER ${name} constant)
  file(READ ${path} text)
  string(APPEND content "const std::string_view kPage_${constant} = R\"rqfuzz_page(${text})rqfuzz_page\";\n")
endforeach()
file(WRITE ${OUTPUT} "${content}}  // namespace rqfuzz\n")
