// Same input, same execution: again, after other inputs, traced or not, in another process, wherever the kernel puts
// its memory. tests/run compares builds.
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "absl/strings/strip.h"
#include "fuzz/play/player.h"
#include "tests/random_inputs.h"

namespace rqfuzz {
namespace {

constexpr std::uint64_t kInputs = 10'000;

void ExpectSame(const PlayResult& one, const PlayResult& other, std::uint64_t input) {
  EXPECT_EQ(one.verdict.kind, other.verdict.kind) << input;
  EXPECT_EQ(one.verdict.oracle, other.verdict.oracle) << input;
  EXPECT_EQ(one.verdict.cause, other.verdict.cause) << input;
  EXPECT_EQ(one.verdict.message, other.verdict.message) << input;
  EXPECT_EQ(one.steps, other.steps) << input;
  EXPECT_EQ(one.virtual_ns, other.virtual_ns) << input;
}

TEST(DeterminismTest, TracedOrNotAndAfterWhateverElseAnInputPlaysTheSame) {
  unsigned verdicts[static_cast<unsigned>(VerdictKind::kMachine) + 1] = {};
  for (std::uint64_t i = 0; i < kInputs; ++i) {
    const Scenario scenario = RandomInput(i);
    const TracedResult first = PlayTraced(scenario, /*keep_trace=*/false);
    Play(RandomInput(kInputs + i));
    const PlayResult untraced = Play(scenario);
    Play(RandomInput(i / 2));
    const TracedResult second = PlayTraced(scenario, /*keep_trace=*/false);
    ExpectSame(first.result, untraced, i);
    ExpectSame(first.result, second.result, i);
    EXPECT_EQ(first.trace_hash, second.trace_hash) << i;
    ++verdicts[static_cast<unsigned>(first.result.verdict.kind)];
    if (HasFailure()) break;
  }
  // The inputs are worth the name.
  EXPECT_GT(verdicts[static_cast<unsigned>(VerdictKind::kPass)], kInputs / 50);
  EXPECT_GT(verdicts[static_cast<unsigned>(VerdictKind::kFinding)], kInputs / 50);
}

TEST(DeterminismTest, TracesOfDifferentInputsDiffer) {
  EXPECT_NE(PlayTraced(RandomInput(1), false).trace_hash, PlayTraced(RandomInput(2), false).trace_hash);
}

// What trace_digest prints in a process of its own.
std::string Digest(bool randomised_addresses) {
  const std::string folder(absl::StripSuffix(RQFUZZ_BINARY, "rqfuzz"));
  const std::string program = folder + "trace_digest";
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    if (!randomised_addresses && personality(ADDR_NO_RANDOMIZE) == -1) _exit(3);
    dup2(ends[1], STDOUT_FILENO);
    execl(program.c_str(), program.c_str(), "3000", nullptr);
    _exit(2);
  }
  close(ends[1]);
  std::string text;
  char buffer[64];
  for (ssize_t bytes = 0; (bytes = read(ends[0], buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<std::size_t>(bytes));
  }
  close(ends[0]);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 3) return {};
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return text;
}

TEST(DeterminismTest, EveryProcessPlaysTheSame) {
  const std::string digest = Digest(true);
  EXPECT_EQ(digest.size(), 17);
  EXPECT_EQ(Digest(true), digest);
  const std::string fixed = Digest(false);
  if (fixed.empty()) GTEST_SKIP() << "this system does not let a process fix its addresses";
  EXPECT_EQ(fixed, digest);
}

}  // namespace
}  // namespace rqfuzz
