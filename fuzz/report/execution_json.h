// An execution as JSON: every step, and what is true between them. `rqfuzz explain --json` prints it and the page of
// --html draws it; README.md has the schema.
#ifndef FUZZ_REPORT_EXECUTION_JSON_H_
#define FUZZ_REPORT_EXECUTION_JSON_H_

#include <string>

#include "fuzz/report/execution.h"

namespace rqfuzz {

// On one line. Strings that steps share stand once, in "strings".
std::string ExecutionJson(const Execution& execution);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_EXECUTION_JSON_H_
