// Where in the lock's source a step was made: function, file and line, innermost first, inlined functions included.
// Asks llvm-symbolizer, which reads the line tables of the program that runs; without it, or without line tables,
// there are no positions, and reports leave them out.
#ifndef FUZZ_REPORT_CODE_POSITION_H_
#define FUZZ_REPORT_CODE_POSITION_H_

#include <map>
#include <span>
#include <string>
#include <vector>

#include "fuzz/machine/trace.h"

namespace rqfuzz {

struct CodePosition {
  std::string function;  // "wait_as_pending"
  std::string file;      // "lock/rqspinlock.cc"
  unsigned line = 0;
};

class CodePositions {
 public:
  // Looks up what the records name. Takes a fraction of a second however many there are.
  explicit CodePositions(std::span<const TraceRecord> records);
  // The functions that the code of a record stands in, those of the lock alone; empty: not known.
  const std::vector<CodePosition>& Of(const TraceRecord& record) const;

 private:
  std::map<const void*, std::vector<CodePosition>> frames_;
};

// "wait_as_pending lock/rqspinlock.cc:66 <- resilient_queued_spin_lock_slowpath :54"; empty if there are none.
std::string CodePositionText(const std::vector<CodePosition>& frames);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_CODE_POSITION_H_
