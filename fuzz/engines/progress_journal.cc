#include "fuzz/engines/progress_journal.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>

#include <nlohmann/json.hpp>

#include "fuzz/engines/file_io.h"

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
  const auto rounded = [](double seconds) { return std::round(seconds * 1000) / 1000; };
  return {{"seconds", rounded(state.seconds)},
          {"seconds_total", state.seconds_total},
          {"executions", state.executions},
          {"executions_per_second", state.executions_per_second},
          {"corpus_files", state.corpus_files},
          {"features", state.features},
          {"states", state.states},
          {"findings", state.findings},
          {"known", state.known},
          {"last_feature_seconds", rounded(state.last_feature_seconds)},
          {"last_finding_seconds", rounded(state.last_finding_seconds)},
          {"workers", std::move(workers)}};
}

WorkerProgress WorkerOf(const Json& json) {
  WorkerProgress worker;
  json.at("engine").get_to(worker.engine);
  json.at("state").get_to(worker.state);
  json.at("deaths").get_to(worker.deaths);
  json.at("executions").get_to(worker.executions);
  json.at("executions_per_second").get_to(worker.executions_per_second);
  return worker;
}

std::optional<ProgressState> StateOf(const std::string& line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  ProgressState state;
  try {
    json.at("seconds").get_to(state.seconds);
    json.at("seconds_total").get_to(state.seconds_total);
    json.at("executions").get_to(state.executions);
    json.at("executions_per_second").get_to(state.executions_per_second);
    json.at("corpus_files").get_to(state.corpus_files);
    json.at("features").get_to(state.features);
    json.at("states").get_to(state.states);
    json.at("findings").get_to(state.findings);
    json.at("known").get_to(state.known);
    json.at("last_feature_seconds").get_to(state.last_feature_seconds);
    json.at("last_finding_seconds").get_to(state.last_finding_seconds);
    for (const Json& worker : json.at("workers")) state.workers.push_back(WorkerOf(worker));
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return state;
}

}  // namespace

std::vector<ProgressState> ProgressJournal::Read() const {
  std::vector<ProgressState> states;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    if (std::optional<ProgressState> state = StateOf(line)) states.push_back(*std::move(state));
  }
  return states;
}

absl::Status ProgressJournal::Append(const ProgressState& state) {
  next_seconds_ = state.seconds + std::max(1.0, state.seconds / 100);
  return AppendLine(path_, JsonOf(state).dump());
}

}  // namespace rqfuzz
