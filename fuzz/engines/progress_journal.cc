#include "fuzz/engines/progress_journal.h"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "fuzz/engines/file_io.h"
#include "fuzz/engines/json_fields.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

Json JsonOf(const WorkerProgress& worker) {
  return {{"engine", worker.engine},
          {"state", worker.state},
          {"deaths", worker.deaths},
          {"executions", worker.executions},
          {"executions_per_second", worker.executions_per_second}};
}

Json JsonOf(const ProgressState& state) {
  Json workers = Json::array();
  for (const WorkerProgress& worker : state.workers) workers.push_back(JsonOf(worker));
  return {{"seconds", RoundedSeconds(state.seconds)},
          {"seconds_total", state.seconds_total},
          {"executions", state.executions},
          {"executions_per_second", state.executions_per_second},
          {"corpus_files", state.corpus_files},
          {"features", state.features},
          {"states", state.states},
          {"findings", state.findings},
          {"known", state.known},
          {"last_feature_seconds", RoundedSeconds(state.last_feature_seconds)},
          {"last_finding_seconds", RoundedSeconds(state.last_finding_seconds)},
          {"workers", std::move(workers)}};
}

bool ReadWorker(const Json& json, WorkerProgress& worker) {
  return json.is_object() && ReadField(json, "engine", worker.engine) && ReadField(json, "state", worker.state) &&
         ReadField(json, "deaths", worker.deaths) && ReadField(json, "executions", worker.executions) &&
         ReadField(json, "executions_per_second", worker.executions_per_second);
}

bool ReadState(const Json& json, ProgressState& state) {
  return ReadField(json, "seconds", state.seconds) && ReadField(json, "seconds_total", state.seconds_total) &&
         ReadField(json, "executions", state.executions) &&
         ReadField(json, "executions_per_second", state.executions_per_second) &&
         ReadField(json, "corpus_files", state.corpus_files) && ReadField(json, "features", state.features) &&
         ReadField(json, "states", state.states) && ReadField(json, "findings", state.findings) &&
         ReadField(json, "known", state.known) &&
         ReadField(json, "last_feature_seconds", state.last_feature_seconds) &&
         ReadField(json, "last_finding_seconds", state.last_finding_seconds);
}

}  // namespace

std::optional<ProgressState> ParseJournalLine(std::string_view line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  ProgressState state;
  if (!json.is_object() || !ReadState(json, state)) return std::nullopt;
  const auto workers = json.find("workers");
  if (workers == json.end() || !workers->is_array()) return std::nullopt;
  for (const Json& worker : *workers) {
    if (!ReadWorker(worker, state.workers.emplace_back())) return std::nullopt;
  }
  return state;
}

std::string JournalLine(const ProgressState& state) { return JsonOf(state).dump(); }

std::vector<ProgressState> ProgressJournal::Read() const {
  std::vector<ProgressState> states;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    if (std::optional<ProgressState> state = ParseJournalLine(line)) states.push_back(*std::move(state));
  }
  return states;
}

absl::Status ProgressJournal::Append(const ProgressState& state) {
  next_seconds_ = state.seconds + std::max(1.0, state.seconds / 100);
  return AppendLine(path_, JournalLine(state));
}

}  // namespace rqfuzz
