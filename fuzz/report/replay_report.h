// What `rqfuzz replay` says, for people and for programs.
#ifndef FUZZ_REPORT_REPLAY_REPORT_H_
#define FUZZ_REPORT_REPLAY_REPORT_H_

#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "fuzz/engines/exit_status.h"
#include "fuzz/play/player.h"
#include "fuzz/scenario/scenario.h"

namespace rqfuzz {

struct Replayed {
  const locks::LockType* lock_type = nullptr;
  TracedResult traced;
};

// One file of a replay. `replayed` is an error if the file is no scenario; its message begins with the file's name.
struct Replay {
  std::string file;
  absl::StatusOr<Replayed> replayed;
};

// [{"file","lock","revision","verdict","oracle","message","steps","virtual_ns","trace_hash"}], verdict one of pass,
// finding, limit, caller, machine, invalid.
std::string JsonOf(std::span<const Replay> replays);
// kFound if there is a finding, else kBadInput if a file is invalid, else kNothingFound.
ExitStatus ExitStatusOf(std::span<const Replay> replays);

}  // namespace rqfuzz

#endif  // FUZZ_REPORT_REPLAY_REPORT_H_
