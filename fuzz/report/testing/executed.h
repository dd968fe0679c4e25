// What the tests of reports share: executions of scenarios given as text, or of a bug of the catalogue.
#ifndef FUZZ_REPORT_TESTING_EXECUTED_H_
#define FUZZ_REPORT_TESTING_EXECUTED_H_

#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "fuzz/check.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/oracles/testing/judged.h"
#include "fuzz/report/execution.h"

namespace rqfuzz {

// Of a scenario whose `lock` line is left out. REQUIRES: it can be read.
inline Execution Executed(std::string_view revision, std::string_view text) {
  absl::StatusOr<Execution> execution = Execute(ScenarioOf(revision, text));
  RQFUZZ_CHECK(execution.ok());
  return *std::move(execution);
}

// Of corpus/upstream/`bug`.rqs. REQUIRES: there is one.
inline Execution ExecutedBug(std::string_view bug) {
  const absl::StatusOr<ScenarioFile> file =
      ReadScenarioFile(absl::StrCat(RQFUZZ_SOURCE_DIR, "/corpus/upstream/", std::string(bug), ".rqs"));
  RQFUZZ_CHECK(file.ok());
  absl::StatusOr<Execution> execution = Execute(file->scenario);
  RQFUZZ_CHECK(execution.ok());
  return *std::move(execution);
}

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_TESTING_EXECUTED_H_
