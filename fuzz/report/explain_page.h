// An execution as a page for a browser: one file that loads nothing, with a lane for each CPU, the lock words, the
// queue, the held-lock tables and the waits-for graph at the step under a cursor that the reader moves.
#ifndef FUZZ_REPORT_EXPLAIN_PAGE_H_
#define FUZZ_REPORT_EXPLAIN_PAGE_H_

#include <string>
#include <string_view>

#include "fuzz/report/execution.h"

namespace rqfuzz {

// `title`: of the browser's window.
std::string ExplainPage(const Execution& execution, std::string_view title);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_EXPLAIN_PAGE_H_
