#include "fuzz/cli/corpus_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "fuzz/cli/corpus_export.h"
#include "fuzz/engines/corpus_add.h"
#include "fuzz/engines/corpus_check.h"
#include "fuzz/engines/corpus_merge.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/report/verdict_text.h"

namespace rqfuzz {
namespace {

ExitStatus BadInput(const absl::Status& status) {
  absl::FPrintF(stderr, "%s\n", std::string(status.message()));
  return kBadInput;
}

ExitStatus Add(const std::string& file, const std::string& corpus, const std::string& name) {
  const absl::StatusOr<AddedScenario> added = AddToCorpus(file, corpus, name);
  if (!added.ok()) return BadInput(added.status());
  absl::PrintF("%s: %s\n%d executions; removed: %s\n%s", added->path, VerdictText(added->verdict),
               added->minimized.executions,
               added->minimized.removed.empty() ? "nothing" : absl::StrJoin(added->minimized.removed, ", "),
               BisectText(added->rows));
  return kNothingFound;
}

void AddAddCommand(CLI::App& corpus_command, ExitStatus& status) {
  struct Options {
    std::string file;
    std::string corpus = "corpus";
    std::string name;
  };
  CLI::App* command = corpus_command.add_subcommand("add", "Keep a scenario for ever, as a test");
  const auto options = std::make_shared<Options>();
  command->add_option("FILE", options->file, "Scenario to keep, such as a finding's finding.rqs")->required();
  command->add_option("--name", options->name, "Name of the new file (default: what was found)");
  command->add_option("--corpus", options->corpus, "Folder with regressions/ in it")->capture_default_str();
  command->footer(
      "Minimises the scenario, plays it on every revision of its lock, and writes corpus/regressions/NAME.rqs: at "
      "its\n"
      "top what happens, then a line `expect` for each revision, those that have the bug and those that do not. "
      "From\n"
      "then on it is a test of its own name. Read the comment, and say better than it what happens if you can.\n"
      "\n"
      "Example: rqfuzz corpus add rqfuzz-out/findings/no-hang-*/finding.rqs --name lost-successor");
  command->callback([options, &status] { status = Add(options->file, options->corpus, options->name); });
}

ExitStatus Check(const std::string& folder) {
  const absl::StatusOr<std::vector<std::string>> paths = ScenarioFilesBelow(folder);
  if (!paths.ok()) return BadInput(paths.status());
  unsigned verdicts = 0;
  std::size_t bad_files = 0;
  bool unexpected_finding = false;
  for (const std::string& path : *paths) {
    const CorpusCheck check = CheckCorpusFile(path);
    for (const std::string& offence : check.offences) absl::FPrintF(stderr, "%s\n", offence);
    verdicts += check.verdicts;
    bad_files += !check.offences.empty();
    unexpected_finding |= check.unexpected_finding;
  }
  absl::PrintF("%d files, %d verdicts: %s\n", paths->size(), verdicts,
               bad_files == 0 ? "all as they say" : absl::StrFormat("%d files are not as they say", bad_files));
  if (unexpected_finding) return kFound;
  return bad_files == 0 ? kNothingFound : kBadInput;
}

void AddCheckCommand(CLI::App& corpus_command, ExitStatus& status) {
  CLI::App* command = corpus_command.add_subcommand("check", "Check that every file still is what it says");
  const auto folder = std::make_shared<std::string>("corpus");
  command->add_option("DIR", *folder, "Folder of scenarios; those below it count")->capture_default_str();
  command->footer(
      "Every file must decode and survive the way through the binary form. Text (.rqs) must also read as rqfuzz\n"
      "writes it, have a line `expect`, and give those verdicts. One line for each that does not; exit status 77 if\n"
      "a promise is broken where the file expects something else, 1 if anything else is wrong.\n"
      "\n"
      "Example: rqfuzz corpus check corpus/regressions");
  command->callback([folder, &status] { status = Check(*folder); });
}

ExitStatus Merge(const std::vector<std::string>& folders, const std::string& into) {
  const absl::StatusOr<MergedCorpus> merged = MergeCorpora(folders, into);
  if (!merged.ok()) return BadInput(merged.status());
  absl::PrintF("%s: %d of %d inputs added, %d were there: %d features, %d states\n", into, merged->added, merged->inputs,
               merged->before, merged->features, merged->states);
  return kNothingFound;
}

void AddMergeCommand(CLI::App& corpus_command, ExitStatus& status) {
  struct Options {
    std::vector<std::string> folders;
    std::string into;
  };
  CLI::App* command =
      corpus_command.add_subcommand("merge", "Of several corpora, keep the inputs that add something");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folders, "Folders of inputs; those below them count")->required();
  command->add_option("-o", options->into, "Folder to copy to; what is in it counts as before all others")
      ->required();
  command->footer(
      "Plays every input, the smallest first, on the lock and revision that it names, and copies those that reach\n"
      "code or a state of the lock that nothing before them reached. Files are copied as engines have them; text\n"
      "(.rqs) becomes binary. Nothing is removed anywhere: after a kill or a full disk, give the same command "
      "again.\n"
      "\n"
      "Example: rqfuzz corpus merge host1/corpus host2/corpus -o merged");
  command->callback([options, &status] { status = Merge(options->folders, options->into); });
}

ExitStatus Export(const std::string& folder, const std::string& to) {
  const absl::StatusOr<std::size_t> count = ExportCorpus(folder, to);
  if (!count.ok()) return BadInput(count.status());
  absl::PrintF("%s: %d scenarios\n", to, *count);
  return kNothingFound;
}

void AddExportCommand(CLI::App& corpus_command, ExitStatus& status) {
  struct Options {
    std::string folder = "corpus";
    std::string to;
  };
  CLI::App* command = corpus_command.add_subcommand("export", "Make a zip file of seeds for other engines");
  const auto options = std::make_shared<Options>();
  command->add_option("DIR", options->folder, "Folder of scenarios; those below it count")->capture_default_str();
  command->add_option("-o", options->to, "Zip file to write")->required();
  command->footer(
      "Every scenario once, in binary form; the same scenarios give the same bytes. OSS-Fuzz and ClusterFuzzLite\n"
      "want the file beside the fuzz target, named like it with _seed_corpus.zip behind.\n"
      "\n"
      "Example: rqfuzz corpus export corpus -o $OUT/rqspinlock_fuzzer_seed_corpus.zip");
  command->callback([options, &status] { status = Export(options->folder, options->to); });
}

}  // namespace

void AddCorpusCommand(CLI::App& app, ExitStatus& status) {
  CLI::App* command = app.add_subcommand("corpus", "Keep scenarios: add, check, merge, export");
  command->require_subcommand(1);
  command->footer(
      "A corpus is a folder of scenarios; corpus/README.md says what is in this one.\n"
      "\n"
      "Example: rqfuzz corpus check corpus");
  AddAddCommand(*command, status);
  AddCheckCommand(*command, status);
  AddMergeCommand(*command, status);
  AddExportCommand(*command, status);
}

}  // namespace rqfuzz
