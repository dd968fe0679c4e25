// A scenario given as text, told in lines: what its calls returned, what interrupted them, in order.
#ifndef INJECTORS_TESTING_STORY_H_
#define INJECTORS_TESTING_STORY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "fuzz/check.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {

using Lines = std::vector<std::string>;

// Every step of the scenario of `text` (its `lock` line is left out) with the lines of `faults` at its end, on the
// newest revision. REQUIRES: it can be read.
inline std::vector<TraceLine> Steps(std::string_view text, std::string_view faults) {
  const auto file = ParseText("test", absl::StrCat("lock rqspinlock linux-7.2 generic\n", std::string(text), "\n",
                                                   std::string(faults), "\n"));
  if (!file.ok()) std::fprintf(stderr, "%s\n", std::string(file.status().message()).c_str());
  RQFUZZ_CHECK(file.ok());
  return PlayTraced(file->scenario, /*keep_trace=*/true).trace;
}

// "1 nmi: acquire B returns 0" and the like: CPU, context, what happened.
inline Lines Story(std::string_view text, std::string_view faults = "") {
  Lines story;
  for (const TraceLine& line : Steps(text, faults)) {
    for (const std::string_view word :
         {" returns", " begins", " ends", "the host ", "the due reschedule", " goes on"}) {
      if (!absl::StrContains(line.action, std::string(word))) continue;
      story.push_back(absl::StrCat(unsigned{line.cpu}, " ", line.context, ": ", line.action));
      break;
    }
  }
  return story;
}

// The number of the first step with this action; a failure of the test if there is none.
inline std::uint64_t StepOf(std::string_view action, std::string_view text, std::string_view faults) {
  for (const TraceLine& line : Steps(text, faults)) {
    if (line.action == action) return line.step;
  }
  ADD_FAILURE() << "no step says " << action;
  return 0;
}

}  // namespace rqfuzz

#endif  // INJECTORS_TESTING_STORY_H_
