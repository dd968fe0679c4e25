// The fuzz target: what libFuzzer and AFL++ call. As a stock binary it crashes on a finding, in a function named for
// the oracle; in a campaign it hands the finding to a sink and goes on.
//
// The stock binary obeys environment variables: RQFUZZ_LOCK and RQFUZZ_REVISION replace the lock and the revision
// that inputs name, RQFUZZ_WITH lists, between commas, injectors that are used on request only, by mutators
// and in an input's further plays. A campaign that runs it under AFL++ sets more: campaign_sink.h.
#ifndef FUZZ_ENGINES_FUZZ_TARGET_H_
#define FUZZ_ENGINES_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "fuzz/oracles/verdict.h"
#include "fuzz/play/lock_choice.h"
#include "fuzz/scenario/scenario.h"
#include "fuzz/scenario/swarm.h"

namespace rqfuzz {

// Takes what the target finds. Called on the thread that fuzzes.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual void CountExecution() = 0;
  // `scenario` is valid until the call returns.
  virtual void Report(const Scenario& scenario, const Verdict& finding) = 0;
};

// Makes every execution play `choice` and report to `sink`, and its plays and the mutators use `requested` besides the
// default injectors, from now on. For a campaign's worker, before LLVMFuzzerRunDriver(); `sink` must outlive the process's
// last execution.
void SetCampaignTarget(const LockChoice& choice, const Injectors& requested, FindingSink* sink);

// Makes every execution and mutation use the lock, revision and injectors that RQFUZZ_LOCK, RQFUZZ_REVISION and
// RQFUZZ_WITH name, if any is set. Errors: no such lock, revision or injector.
absl::Status ObeyEnvironment();

}  // namespace rqfuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned int seed);
extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* data1, std::size_t size1,
                                                 const std::uint8_t* data2, std::size_t size2, std::uint8_t* out,
                                                 std::size_t max_out_size, unsigned int seed);

#endif  // FUZZ_ENGINES_FUZZ_TARGET_H_
