#include "fuzz/report/corpus_survey.h"

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/machine/machine.h"
#include "fuzz/play/player.h"

namespace rqfuzz {
namespace {

unsigned WordState(const locks::WordLayout& layout, std::uint32_t word) {
  return (layout.Tail(word) != 0 ? 4U : 0U) | (layout.Pending(word) ? 2U : 0U) | (layout.Locked(word) ? 1U : 0U);
}

void CountWrites(const Scenario& scenario, CorpusSurvey& survey) {
  const locks::WordLayout& layout = scenario.lock_type->word;
  if (layout.HasTickets()) return;
  Play(scenario);
  for (const Event& event : TheMachine().events()) {
    if (event.kind != EventKind::kWordWrite) continue;
    const unsigned from = WordState(layout, event.old_value);
    const unsigned to = WordState(layout, event.new_value);
    ++survey.entered[to];
    ++survey.transitions[from][to];
  }
}

}  // namespace

std::string WordStateName(unsigned state) {
  return absl::StrCat((state & 4) != 0 ? "tail" : "0", (state & 2) != 0 ? ",1" : ",0",
                      (state & 1) != 0 ? ",1" : ",0");
}

CorpusSurvey SurveyCorpus(const std::string& folder, std::size_t played_max) {
  CorpusSurvey survey;
  const absl::StatusOr<std::vector<std::string>> files = ListFiles(folder);
  if (!files.ok()) return survey;
  survey.files = files->size();
  for (const std::string& name : *files) {
    if (survey.played == played_max) break;
    const absl::StatusOr<ScenarioFile> file = ReadScenarioFile(absl::StrCat(folder, "/", name));
    if (!file.ok()) continue;  // it was removed meanwhile
    ++survey.played;
    for (const Fault& fault : file->scenario.faults) ++survey.faults[static_cast<unsigned>(fault.kind)];
    CountWrites(file->scenario, survey);
  }
  return survey;
}

}  // namespace rqfuzz
