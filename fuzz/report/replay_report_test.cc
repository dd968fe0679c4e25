#include "fuzz/report/replay_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rqfuzz {
namespace {

Replay Played(VerdictKind kind) {
  Replayed replayed;
  replayed.lock_type = &locks::AllLockTypes().front();
  replayed.traced.result.verdict = {kind, kind == VerdictKind::kPass ? "" : "prompt-aa", "cause", "Waited."};
  replayed.traced.result.steps = 12;
  replayed.traced.result.virtual_ns = 250'000'000;
  replayed.traced.trace_hash = 0xABC;
  return {"x.rqs", replayed};
}

Replay Invalid() { return {"bad.rqs", absl::InvalidArgumentError("bad.rqs:1:1: unknown word")}; }

TEST(ReplayReportTest, JsonHasTheAgreedForm) {
  const Replay replays[] = {Played(VerdictKind::kFinding), Invalid()};
  const auto json = nlohmann::json::parse(JsonOf(replays));
  ASSERT_EQ(json.size(), 2u);
  nlohmann::json expected = nlohmann::json::parse(R"({
      "file": "x.rqs", "lock": "rqspinlock", "revision": "", "verdict": "finding", "oracle": "prompt-aa",
      "message": "Waited.", "steps": 12, "virtual_ns": 250000000, "trace_hash": "0000000000000abc"})");
  expected["revision"] = locks::AllLockTypes().front().revision;
  EXPECT_EQ(json[0], expected);
  EXPECT_EQ(json[1]["verdict"], "invalid");
  EXPECT_EQ(json[1]["message"], "bad.rqs:1:1: unknown word");
}

TEST(ReplayReportTest, ExitStatusIsThatOfTheWorstFile) {
  const Replay pass[] = {Played(VerdictKind::kPass), Played(VerdictKind::kLimit), Played(VerdictKind::kCaller)};
  EXPECT_EQ(ExitStatusOf(pass), kNothingFound);
  const Replay invalid[] = {Played(VerdictKind::kPass), Invalid()};
  EXPECT_EQ(ExitStatusOf(invalid), kBadInput);
  const Replay finding[] = {Played(VerdictKind::kFinding), Invalid()};
  EXPECT_EQ(ExitStatusOf(finding), kFound);
}

}  // namespace
}  // namespace rqfuzz
