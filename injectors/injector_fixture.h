// What the tests of injectors share: a scenario as text, played, and the lines of its trace.
#ifndef INJECTORS_INJECTOR_FIXTURE_H_
#define INJECTORS_INJECTOR_FIXTURE_H_

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {

// The scenario that the lines make, on `revision`, with as many locks. Fails the test if it is not one.
inline Scenario ReadScenario(std::string_view lines, unsigned locks = 1, std::string_view revision = "linux-7.2") {
  const std::string text =
      absl::StrCat("lock rqspinlock ", std::string(revision), " generic\nlocks ", locks, "\n", std::string(lines));
  const absl::StatusOr<ScenarioFile> file = ParseText("test.rqs", text);
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? file->scenario : Scenario{};
}

// Those steps of its trace whose action is `action`, in order.
inline std::vector<TraceLine> StepsOf(const Scenario& scenario, std::string_view action) {
  std::vector<TraceLine> steps;
  for (const TraceLine& line : PlayTraced(scenario, /*keep_trace=*/true).trace) {
    if (line.action == action) steps.push_back(line);
  }
  return steps;
}

// "pass", or "finding prompt-aa ...".
inline std::string VerdictOf(const Scenario& scenario) {
  const Verdict verdict = Play(scenario).verdict;
  std::string text(VerdictKindName(verdict.kind));
  if (!verdict.oracle.empty()) absl::StrAppend(&text, " ", std::string(verdict.oracle));
  if (!verdict.cause.empty()) absl::StrAppend(&text, " ", verdict.cause);
  return text;
}

}  // namespace rqfuzz

#endif  // INJECTORS_INJECTOR_FIXTURE_H_
