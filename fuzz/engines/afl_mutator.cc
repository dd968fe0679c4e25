// The mutator of the fuzz target as a library for afl-fuzz, whose own driver ignores LLVMFuzzerCustomMutator(). The
// same code mutates; trimming takes away whole parts of a scenario instead of bytes. afl-fuzz looks these functions
// up by their names; its document "custom mutators" says what they must do. It calls them on one thread.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "fuzz/check.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/engines/fuzz_target.h"
#include "fuzz/play/parts.h"
#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/random.h"

namespace rqfuzz {
namespace {

// One input that afl-fuzz trims, part after part. Step i tries to do without the i-th part; when that changes nothing
// that afl-fuzz can see, the parts are counted anew.
class Trimming {
 public:
  // Returns the number of steps.
  int Start(std::span<const std::uint8_t> input);
  // The input without the next part.
  const std::vector<std::uint8_t>& Candidate();
  // Says what came of the last candidate, and returns how many steps are over.
  int Finish(bool is_kept);

 private:
  int StepsLeft() const { return static_cast<int>(parts_.size() - next_); }

  Scenario scenario_;
  Scenario smaller_;
  std::vector<Part> parts_;
  std::size_t next_ = 0;
  int steps_ = 0;  // as told to afl-fuzz, which wants the same number until the end
  std::size_t size_max_ = 0;
  std::vector<std::uint8_t> bytes_;
};

int Trimming::Start(std::span<const std::uint8_t> input) {
  Decode(input, scenario_);
  bytes_ = Encode(scenario_);
  size_max_ = input.size();
  parts_ = PartsOf(scenario_);
  next_ = 0;
  // afl-fuzz does not accept that an input grows, as one that is not in canonical form might.
  if (bytes_.size() > size_max_) parts_.clear();
  steps_ = StepsLeft();
  return steps_;
}

const std::vector<std::uint8_t>& Trimming::Candidate() {
  RQFUZZ_CHECK(next_ < parts_.size());
  smaller_ = WithoutParts(scenario_, std::span(parts_).subspan(next_, 1));
  std::vector<std::uint8_t> bytes = Encode(smaller_);
  if (bytes.size() <= size_max_) bytes_ = std::move(bytes);
  return bytes_;
}

int Trimming::Finish(bool is_kept) {
  if (is_kept && smaller_ != scenario_) {
    scenario_ = smaller_;
    size_max_ = Encode(scenario_).size();
    parts_ = PartsOf(scenario_);
  } else {
    ++next_;
  }
  next_ = std::min(next_, parts_.size());
  bytes_ = Encode(scenario_);
  return steps_ - StepsLeft();
}

struct Mutator {
  explicit Mutator(unsigned seed) : random(seed) {}

  Random random;
  Trimming trimming;
  std::vector<std::uint8_t> output;
  const char* last_change = "";
};

}  // namespace
}  // namespace rqfuzz

#define RQFUZZ_EXPORTED extern "C" [[gnu::visibility("default")]]

RQFUZZ_EXPORTED void* afl_custom_init(void* /*afl*/, unsigned int seed) {
  if (const absl::Status status = rqfuzz::ObeyEnvironment(); !status.ok()) {
    std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
    std::exit(rqfuzz::kBadInput);
  }
  return new rqfuzz::Mutator(seed);
}

RQFUZZ_EXPORTED void afl_custom_deinit(void* data) { delete static_cast<rqfuzz::Mutator*>(data); }

// Like libFuzzer, crosses over as often as it mutates.
RQFUZZ_EXPORTED std::size_t afl_custom_fuzz(void* data, std::uint8_t* input, std::size_t size, std::uint8_t** output,
                                            std::uint8_t* other, std::size_t other_size, std::size_t max_size) {
  rqfuzz::Mutator& mutator = *static_cast<rqfuzz::Mutator*>(data);
  const auto seed = static_cast<unsigned>(mutator.random.Next());
  mutator.output.resize(std::max(max_size, size));
  *output = mutator.output.data();
  if (other != nullptr && other_size > 0 && mutator.random.Below(2) == 0) {
    mutator.last_change = "cross-over";
    return LLVMFuzzerCustomCrossOver(input, size, other, other_size, *output, max_size, seed);
  }
  mutator.last_change = "mutate";
  std::memcpy(*output, input, size);
  return LLVMFuzzerCustomMutator(*output, size, max_size, seed);
}

// Becomes part of the name of a file.
RQFUZZ_EXPORTED const char* afl_custom_describe(void* data, std::size_t /*max_size*/) {
  return static_cast<rqfuzz::Mutator*>(data)->last_change;
}

RQFUZZ_EXPORTED std::int32_t afl_custom_init_trim(void* data, std::uint8_t* input, std::size_t size) {
  return static_cast<rqfuzz::Mutator*>(data)->trimming.Start({input, size});
}

RQFUZZ_EXPORTED std::size_t afl_custom_trim(void* data, std::uint8_t** output) {
  rqfuzz::Mutator& mutator = *static_cast<rqfuzz::Mutator*>(data);
  mutator.output = mutator.trimming.Candidate();
  *output = mutator.output.data();
  return mutator.output.size();
}

RQFUZZ_EXPORTED std::int32_t afl_custom_post_trim(void* data, std::uint8_t is_kept) {
  return static_cast<rqfuzz::Mutator*>(data)->trimming.Finish(is_kept != 0);
}
