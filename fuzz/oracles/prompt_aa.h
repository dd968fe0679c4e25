// Prompt AA: an acquire on a CPU that already holds the lock returns -EDEADLK, and no clock is consumed. Held
// means: its locked byte is set for an acquire of this CPU that has not stored 0 again, returned or not.
// Not demanded of locks beyond the held-lock table, nor of locks that do not promise it.
#ifndef FUZZ_ORACLES_PROMPT_AA_H_
#define FUZZ_ORACLES_PROMPT_AA_H_

#include "fuzz/oracles/oracle.h"

namespace rqfuzz {

class PromptAaOracle {
 public:
  static constexpr std::string_view kName = "prompt-aa";
  static constexpr EventSet kEvents = Events(EventKind::kAcquireEnd);

  void Reset() {}
  void OnEvent(const World& before, const Event& event, Report report) {
    if (event.result != 0) [[unlikely]] OnError(before, event, report);
  }
  void OnEnd(const World&, Report) {}

 private:
  void OnError(const World& before, const Event& event, Report report);
};

}  // namespace rqfuzz

#endif  // FUZZ_ORACLES_PROMPT_AA_H_
