// Scenarios in files. A file whose name ends in .rqs is text; any other is binary, and any bytes are a scenario.
#ifndef FUZZ_ENGINES_SCENARIO_IO_H_
#define FUZZ_ENGINES_SCENARIO_IO_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {

bool IsTextScenario(std::string_view path);

// A binary file is an input of an engine: of the plays that it stands for (input.h), the first that is a finding is
// read, or its own scenario. `revision` replaces the one in the file; empty: does not. Errors: the file cannot be
// read, it is text that does not parse, or its lock has no such revision; the message begins with the file's name.
absl::StatusOr<ScenarioFile> ReadScenarioFile(const std::string& path, std::string_view revision = {});
// Replaces the file in one step. Comments and expectations are kept in text only.
absl::Status WriteScenarioFile(const std::string& path, const ScenarioFile& file);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_SCENARIO_IO_H_
