#include "fuzz/cli/findings_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/report/junit.h"
#include "fuzz/report/ranked_findings.h"
#include "fuzz/report/sarif.h"

namespace rqfuzz {
namespace {

struct FindingsOptions {
  std::string folder = "rqfuzz-out";
  std::string sarif;
  std::string junit;
};

absl::Status WriteReports(const FindingsOptions& options, const std::vector<RankedFinding>& findings) {
  absl::Status status;
  if (!options.sarif.empty()) status.Update(WriteFile(options.sarif, SarifOf(findings)));
  if (!options.junit.empty()) status.Update(WriteFile(options.junit, JunitOf(findings)));
  return status;
}

ExitStatus ListFindings(const FindingsOptions& options) {
  const absl::StatusOr<std::vector<RankedFinding>> findings = RankedFindingsOf(options.folder);
  const absl::Status status = findings.ok() ? WriteReports(options, *findings) : findings.status();
  if (!status.ok()) {
    absl::FPrintF(stderr, "%s\n", std::string(status.message()));
    return kBadInput;
  }
  std::fputs(FindingsTable(*findings).c_str(), stdout);
  return findings->empty() ? kNothingFound : kFound;
}

}  // namespace

void AddFindingsCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("findings", "List what a campaign found, what matters most first");
  const auto options = std::make_shared<FindingsOptions>();
  command->add_option("DIR", options->folder, "The campaign's folder, its --out")->capture_default_str();
  command->add_option("--sarif", options->sarif, "File to write them to as SARIF, for code hosts");
  command->add_option("--junit", options->junit, "File to write them to as JUnit XML, for CI");
  command->footer(
      "First come findings that nobody has named: the others are in corpus/upstream/ or corpus/discoveries/, and "
      "the\n"
      "last column says under which name. Among them the gravest promise comes first (two owners before a wild\n"
      "access before a hang before a late verdict), then the smallest scenario, since that is soonest understood.\n"
      "\"size\" counts CPUs, operations and faults; a + behind it: not yet minimised. \"executions\" is how many "
      "the\n"
      "campaign needed. Each finding is a folder:\n"
      "  finding.rqs   the scenario; replay it, bisect it, keep it with `rqfuzz corpus add`\n"
      "  report.txt    what happens in it\n"
      "  finding.json  seed, options and command of the campaign, for programs\n"
      "It may be called while the campaign runs. Exit status 77 if there are findings, whatever they are known as.\n"
      "\n"
      "Example: rqfuzz campaign --seconds 600; rqfuzz findings rqfuzz-out --junit findings.xml");
  command->callback([options, &status] { status = ListFindings(*options); });
}

}  // namespace rqfuzz
