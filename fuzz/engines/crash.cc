#include "fuzz/engines/crash.h"

#include <cstdlib>

namespace rqfuzz {

// External and never inlined, so that the name stands in every stack trace.
#define RQFUZZ_CRASH_FUNCTION(Name) \
  [[noreturn, gnu::noinline]] void Name() { std::abort(); }

RQFUZZ_CRASH_FUNCTION(BrokenPromiseExclusion)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseNoHang)
RQFUZZ_CRASH_FUNCTION(BrokenPromisePromptAa)
RQFUZZ_CRASH_FUNCTION(BrokenPromisePromptAbba)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseOwnLimit)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseInheritedLimit)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseErrorCause)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseBystanders)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseRecovery)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseNodeSafety)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseFair)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseContext)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseNmi)
RQFUZZ_CRASH_FUNCTION(BrokenPromiseViolationReport)
RQFUZZ_CRASH_FUNCTION(BrokenPromise)

#undef RQFUZZ_CRASH_FUNCTION

namespace {

struct CrashFunction {
  std::string_view oracle;
  void (*function)();
};

constexpr CrashFunction kCrashFunctions[] = {
    {"exclusion", BrokenPromiseExclusion},
    {"no-hang", BrokenPromiseNoHang},
    {"prompt-aa", BrokenPromisePromptAa},
    {"prompt-abba", BrokenPromisePromptAbba},
    {"own-limit", BrokenPromiseOwnLimit},
    {"inherited-limit", BrokenPromiseInheritedLimit},
    {"error-cause", BrokenPromiseErrorCause},
    {"bystanders", BrokenPromiseBystanders},
    {"recovery", BrokenPromiseRecovery},
    {"node-safety", BrokenPromiseNodeSafety},
    {"fair", BrokenPromiseFair},
    {"context", BrokenPromiseContext},
    {"nmi", BrokenPromiseNmi},
    {"violation-report", BrokenPromiseViolationReport},
};

}  // namespace

void CrashFor(std::string_view oracle) {
  for (const CrashFunction& crash : kCrashFunctions) {
    if (crash.oracle == oracle) crash.function();
  }
  BrokenPromise();
}

}  // namespace rqfuzz
