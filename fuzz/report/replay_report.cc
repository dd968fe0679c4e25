#include "fuzz/report/replay_report.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

Json JsonOf(const Replay& replay) {
  const bool valid = replay.replayed.ok();
  const Replayed replayed = valid ? *replay.replayed : Replayed();
  const PlayResult& result = replayed.traced.result;
  const std::string message = valid ? result.verdict.message : std::string(replay.replayed.status().message());
  return {{"file", replay.file},
          {"lock", valid ? std::string(replayed.lock_type->name) : ""},
          {"revision", valid ? std::string(replayed.lock_type->revision) : ""},
          {"verdict", valid ? std::string(VerdictKindName(result.verdict.kind)) : "invalid"},
          {"oracle", std::string(result.verdict.oracle)},
          {"message", message},
          {"steps", result.steps},
          {"virtual_ns", result.virtual_ns},
          {"trace_hash", valid ? absl::StrFormat("%016x", replayed.traced.trace_hash) : ""}};
}

}  // namespace

std::string JsonOf(std::span<const Replay> replays) {
  Json array = Json::array();
  for (const Replay& replay : replays) array.push_back(JsonOf(replay));
  // File names may be any bytes.
  return array.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

ExitStatus ExitStatusOf(std::span<const Replay> replays) {
  ExitStatus status = kNothingFound;
  for (const Replay& replay : replays) {
    if (!replay.replayed.ok()) {
      status = kBadInput;
    } else if (replay.replayed->traced.result.verdict.kind == VerdictKind::kFinding) {
      return kFound;
    }
  }
  return status;
}

}  // namespace rqfuzz
