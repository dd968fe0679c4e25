// An execution as ftrace text, as `cat trace` of a kernel's tracefs prints it: for people who read that every day,
// and for tools that import it, Perfetto among them.
#ifndef FUZZ_REPORT_FTRACE_H_
#define FUZZ_REPORT_FTRACE_H_

#include <string>

#include "fuzz/report/execution.h"

namespace rqfuzz {

// With the usual columns: irqs-off, need-resched, hardirq/softirq, preempt-depth. Virtual time, in microseconds and,
// since steps take less, three digits more. Contention events have the kernel's form; every other step is a
// tracing_mark_write, which importers show as they are.
std::string FtraceText(const Execution& execution);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_FTRACE_H_
