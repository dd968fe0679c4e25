#include "fuzz/scenario/text.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/random.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

constexpr const char* kExample = R"(# An NMI comes between
#
#  the CAS and the table.
expect linux-6.17 finding prompt-aa holder-took-the-word
expect * pass
lock rqspinlock linux-6.17 generic
virtual-machine
locks 28

cpu 0
  acquire A irqsave retry 3
    work 10us
    acquire B
    release B
    acquire B
    release B
  release A
  work 0ns

cpu 1
  acquire L27 bpf-irqsave
  release L27

schedule pct depth 3 seed 4294967295

nmi 0 in cpu 0 acquire B #2 access 3
  acquire A bpf
  release A

switch in hardirq 1 work access 5 to cpu 1
switch in nmi 0 release A access 1 to cpu 1

hardirq 1 on cpu 1 at 3ms
  work 1us

softirq 2 in hardirq 1 work access 60000

steal in cpu 0 acquire A access 4 for 300ms
reschedule on cpu 0 at 1500us
)";

TEST(TextTest, ReadsAndPrintsEveryKindOfLine) {
  const absl::StatusOr<ScenarioFile> file = ParseText("x.rqs", kExample);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(Validate(file->scenario).ok()) << Validate(file->scenario);
  EXPECT_EQ(PrintText(*file), kExample);
  EXPECT_EQ(file->comments, (std::vector<std::string>{"An NMI comes between", "", " the CAS and the table."}));
  EXPECT_EQ(file->expectations[0], (Expectation{"linux-6.17", "finding", "prompt-aa", "holder-took-the-word"}));
  EXPECT_EQ(file->expectations[1], (Expectation{"*", "pass", "", ""}));
  EXPECT_TRUE(file->scenario.virtual_machine);
  EXPECT_EQ(file->scenario.programs[0][0],
            (Operation{.kind = OperationKind::kAcquire, .entry_point = EntryPoint::kIrqsave, .retries = 3}));
  EXPECT_EQ(file->scenario.programs[1][0].lock, 27);
  EXPECT_EQ(file->scenario.faults[0].moment, (Moment{.program = 0, .operation = 4, .access = 3}));
  EXPECT_EQ(file->scenario.faults[1].moment, (Moment{.program = kCpusMax + 1, .access = 5}));
  EXPECT_EQ(file->scenario.faults[5].duration_ns, 300'000'000u);
}

TEST(TextTest, IgnoresLayoutCommentsAndCarriageReturns) {
  std::string loose = "\r\n";
  for (const char letter : std::string(kExample)) {
    if (letter == '\n') {
      loose += " \t # said in passing\r\n\t#too\r\n\r\n";
    } else if (letter == ' ' && loose.back() != '#' && loose.back() != ' ') {
      loose += "\t ";
    } else {
      loose += letter;
    }
  }
  const absl::StatusOr<ScenarioFile> plain = ParseText("x.rqs", kExample);
  const absl::StatusOr<ScenarioFile> read = ParseText("x.rqs", loose);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->scenario, plain->scenario);
  EXPECT_EQ(read->expectations, plain->expectations);
}

TEST(TextTest, KeepsOnlyTheCommentsAtTheTop) {
  const absl::StatusOr<ScenarioFile> file =
      ParseText("x.rqs", "\n#one\n# two \n\n# three\nlock rqspinlock linux-7.2 generic\nlocks 1\n# four\ncpu 0");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->comments, (std::vector<std::string>{"one", "two "}));
}

TEST(TextTest, EveryScenarioSurvivesTheRoundTrip) {
  Random random(1);
  ScenarioFile file;
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::uint8_t> bytes(random.Below(200));
    const bool small = random.OneIn(2);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(small ? 24 : 256));
    Decode(bytes, file.scenario);
    const std::string text = PrintText(file);
    const absl::StatusOr<ScenarioFile> read = ParseText("x.rqs", text);
    ASSERT_TRUE(read.ok()) << read.status() << "\n" << text;
    ASSERT_EQ(*read, file) << text;
    ASSERT_EQ(PrintText(*read), text);
  }
}

TEST(TextTest, DamagedTextNeverGivesAnInvalidScenario) {
  Random random(2);
  const std::string words[] = {" ", "\n", "#", "A", "B", "cpu 1", "release A", "0", "9", "acquire A", "\n\n", "\xC3"};
  unsigned accepted = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = kExample;
    for (std::uint64_t edits = random.Between(1, 3); edits > 0; --edits) {
      const std::size_t at = random.Below(text.size());
      text.replace(at, random.Below(4), words[random.Below(std::size(words))]);
    }
    const absl::StatusOr<ScenarioFile> read = ParseText("x.rqs", text);
    if (!read.ok()) continue;
    ++accepted;
    ASSERT_TRUE(Validate(read->scenario).ok()) << Validate(read->scenario) << "\n" << text;
    ASSERT_EQ(*ParseText("x.rqs", PrintText(*read)), *read) << text;
  }
  EXPECT_GT(accepted, 100u);
}

}  // namespace
}  // namespace rqfuzz
