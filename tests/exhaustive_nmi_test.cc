// An NMI at every scheduling point of a one-CPU acquire and release of A, each tried once, on every revision; its
// handler acquires and releases A too. What was found where is kept as text beside this file; to rewrite it after a
// change that is meant, run the test with RQFUZZ_UPDATE=1 in the environment and read the difference.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/play/player.h"
#include "lock/revision.h"

namespace rqfuzz {
namespace {

constexpr char kRecorded[] = RQFUZZ_SOURCE_DIR "/tests/exhaustive_nmi.txt";

Scenario Interrupted(const locks::LockType& type, std::uint8_t operation, std::uint16_t access) {
  const Program section = {{.kind = OperationKind::kAcquire}, {.kind = OperationKind::kRelease}};
  Scenario scenario;
  scenario.lock_type = &type;
  scenario.programs[0] = scenario.programs[kCpusMax] = section;
  scenario.faults = {{.kind = FaultKind::kNmi, .moment = {.operation = operation, .access = access}}};
  return scenario;
}

// One line for each point with something to say; `points` counts all of them, `findings` those with a finding.
std::string Points(const locks::LockType& type, std::uint8_t operation, unsigned& points, unsigned& findings) {
  std::string text;
  Scenario quiet = Interrupted(type, 0, 1);
  quiet.faults.clear();
  quiet.programs[kCpusMax].clear();
  const std::uint64_t steps_without = Play(quiet).steps;
  for (std::uint16_t access = 1;; ++access) {
    const PlayResult result = Play(Interrupted(type, operation, access));
    // An NMI that comes makes steps of its own.
    if (result.steps == steps_without) return text;
    ++points;
    findings += result.verdict.kind == VerdictKind::kFinding;
    if (result.verdict.kind == VerdictKind::kPass) continue;
    absl::StrAppend(&text, "  ", operation == 0 ? "acquire" : "release", " access ", access, ": ",
                    std::string(VerdictKindName(result.verdict.kind)), " ", std::string(result.verdict.oracle),
                    result.verdict.cause.empty() ? "" : " ", result.verdict.cause, "\n");
  }
}

TEST(ExhaustiveNmiTest, IsAsRecordedAndTheNewestRevisionHasNoFinding) {
  std::string text;
  std::size_t revisions = 0;
  for (const locks::LockType& type : locks::AllLockTypes()) {
    if (type.name != "rqspinlock" || type.build != "generic") continue;
    ++revisions;
    unsigned points = 0;
    unsigned findings = 0;
    const std::string acquire = Points(type, 0, points, findings);
    const std::string release = Points(type, 1, points, findings);
    absl::StrAppend(&text, std::string(type.revision), ": ", points, " points\n", acquire, release);
    EXPECT_GT(points, 8u) << type.revision;
    if (type.revision == "linux-7.2") EXPECT_EQ(findings, 0u);
    if (type.revision == "linux-6.17") EXPECT_GT(findings, 0u);
  }
  EXPECT_EQ(revisions, locks::kRevisionCount);
  if (std::getenv("RQFUZZ_UPDATE") != nullptr) {
    ASSERT_TRUE(WriteFile(kRecorded, text).ok());
  }
  const absl::StatusOr<std::string> recorded = ReadFile(kRecorded);
  ASSERT_TRUE(recorded.ok()) << recorded.status();
  EXPECT_EQ(text, *recorded);
}

}  // namespace
}  // namespace rqfuzz
