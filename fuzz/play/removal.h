// What the minimiser took from a scenario, in words.
#ifndef FUZZ_PLAY_REMOVAL_H_
#define FUZZ_PLAY_REMOVAL_H_

#include <string>
#include <vector>

#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

// "2 of 3 CPUs", "the virtual machine"; nothing of what there is more of in `minimal`.
std::vector<std::string> Removed(const Scenario& original, const Scenario& minimal);

}  // namespace rqfuzz

#endif  // FUZZ_PLAY_REMOVAL_H_
