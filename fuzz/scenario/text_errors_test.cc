// Every error of the text form, at its exact position.
#include <string>

#include <gtest/gtest.h>

#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

constexpr const char* kHead = "lock rqspinlock linux-7.2 generic\nlocks 2\n";                  // lines 1, 2
constexpr const char* kTwoCpus = "cpu 0\n acquire A\n release A\ncpu 1\n acquire B\n release B\n";  // lines 3 - 8

std::string Head(const std::string& rest) { return kHead + rest; }
std::string Cpus(const std::string& rest) { return std::string(kHead) + kTwoCpus + rest; }
std::string Repeated(const std::string& part, unsigned times) {
  std::string text;
  for (unsigned i = 0; i < times; ++i) text += part;
  return text;
}
// `count` lines "`before`N`after`" with N from 0 on.
std::string Numbered(const std::string& before, const std::string& after, unsigned count) {
  std::string text;
  for (unsigned i = 0; i < count; ++i) text += before + std::to_string(i) + after + std::to_string(i + 1) + "ns\n";
  return text;
}
std::string Switches(unsigned count) {
  std::string text;
  for (unsigned i = 1; i <= count; ++i) text += "switch on cpu 0 at " + std::to_string(i) + "ns to cpu 1\n";
  return text;
}

struct BadText {
  std::string text;
  std::string error;  // what the message is, behind "f.rqs:"
};

void PrintTo(const BadText& bad, std::ostream* out) { *out << bad.error; }

class TextErrorTest : public testing::TestWithParam<BadText> {};

TEST_P(TextErrorTest, HasItsMessageAndPosition) {
  const absl::StatusOr<ScenarioFile> file = ParseText("f.rqs", GetParam().text);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(file.status().message()), "f.rqs:" + GetParam().error);
}

constexpr const char* kBegin = "; begin with a line like 'lock rqspinlock linux-7.2 generic'";
constexpr const char* kDuration = "; write a whole number and one of the units ns, us, ms, s, as in 10us";
constexpr const char* kOrder =
    "; the order is: expect, lock, virtual-machine, locks, cpu, then interrupts and other faults";
constexpr const char* kMoment = "; change the access or the time of one of them";

const BadText kFiles[] = {
    {"", std::string("1:1: the file is empty") + kBegin},
    {"\n \n", std::string("2:2: the file is empty") + kBegin},
    {"# alone\nexpect * pass\n", std::string("2:14: the 'lock' line is missing") + kBegin},
    {"locks 2\n", std::string("1:1: the 'lock' line is missing") + kBegin},
    {" acquire A\n", std::string("1:2: the 'lock' line is missing") + kBegin},
    {std::string(kTextMax_bytes + 1, '\xFF'),
     "1:1: the file is larger than 1 MB; no scenario needs that much: check that it is the right file"},
    {"# \xC3\xA9\n# \xC3(\n", "2:3: the text is not UTF-8; save the file as UTF-8"},
    {"# \xED\xA0\x80\n", "1:3: the text is not UTF-8; save the file as UTF-8"},
    {"# \xC0\x80\n", "1:3: the text is not UTF-8; save the file as UTF-8"},
    {std::string("lock\0x", 6),
     "1:5: the text contains a NUL byte; remove it; a binary scenario is turned into text by converting it"},
    {Head(""), "2:8: there is no CPU; add a 'locks' line, then 'cpu 0' and its program"},
};

const BadText kOrderErrors[] = {
    {"lock rqspinlock linux-7.2 generic\ncpu 0\n",
     "2:1: the 'locks' line is missing; add a line like 'locks 1' before this one"},
    {Head("expect * pass\n"), std::string("3:1: 'expect' comes too late") + kOrder},
    {Head("virtual-machine\n"), std::string("3:1: 'virtual-machine' comes too late") + kOrder},
    {Head("locks 2\n"), "3:1: a second 'locks' line; remove one of them"},
    {"lock rqspinlock linux-7.2 generic\nlock rqspinlock linux-7.2 x86\n",
     "2:1: a second 'lock' line; remove one of them"},
    {Cpus("reschedule on cpu 0 at 1s\ncpu 2\n"), std::string("10:1: 'cpu' comes too late") + kOrder},
    {Head("nmi 0 on cpu 0 at 1s\n"), "3:1: 'nmi' comes before the first CPU; add a line 'cpu 0' before it"},
    {Head("work 1s\n"), "3:1: 'work' comes before the first CPU; add a line 'cpu 0' before it"},
    {Cpus("reschedule on cpu 0 at 1s\n  work 1s\n"),
     "10:3: 'work' belongs to no program; move it under a 'cpu' line or under an interrupt"},
};

const BadText kWordErrors[] = {
    {Head("cpu 0\n  aquire A\n"), "4:3: unknown word 'aquire'; did you mean 'acquire'?"},
    {Head("cpu 0\n  acquire A irqsafe\n"), "4:13: unknown word 'irqsafe'; did you mean 'irqsave'?"},
    {Head("cpu 0 #comment\n"),
     "3:7: '#comment' does not belong on this line; remove it, or begin a comment with '# '"},
    {Head("cpu 0\n work 1s 2s\n"),
     "4:10: '2s' does not belong on this line; remove it, or begin a comment with '# '"},
    {Head("cpu 0\n acquire\n"),
     "4:9: a lock is missing; the locks are A to B; raise the number on the 'locks' line for "
     "more"},
    {Cpus("nmi 0 by cpu 0\n"), "9:7: unknown word 'by'; known here: in, on"},
    {Cpus("nmi 0 on cpu 0\n"), "9:15: the line ends too early; add one of: at"},
    {Cpus(std::string(100, '\xC3').replace(0, 100, Repeated("\xC3\xA9", 50))),
     "9:1: unknown word '" + Repeated("\xC3\xA9", 20) +
         "...'; known here: expect, lock, virtual-machine, locks, cpu, acquire, release, keep, stray-release, work, "
         "nmi, hardirq, softirq, steal, reschedule, switch, program, task, offline, clock-jump, spurious-failure, "
         "corruption, clock, slow, schedule"},
    {"expect linux-7.2 fail\n", "1:18: unknown word 'fail'; known here: pass, finding, limit, caller, machine"},
    {Head("cpu 0\n stray-release A irqsafe\n"), "4:18: unknown word 'irqsafe'; did you mean 'irqsave'?"},
    {Head("cpu 0\n acquire A unchecked retry 1\n release A\n"),
     "4:22: 'retry' does not belong on this line; remove it, or begin a comment with '# '"},
    {Cpus("corruption on cpu 0 at 1us of table\n"), "9:31: unknown word 'table'; known here: lock, cpu"},
    {Cpus("corruption on cpu 0 at 1us of cpu 1 node 0 tail bit 1\n"),
     "9:44: unknown word 'tail'; known here: next, locked, count"},
    {"expect * pass\nexpect linux-1.0 pass\nlock rqspinlock linux-7.2 generic\n",
     "2:8: unknown revision 'linux-1.0'; known: linux-7.2, linux-7.0, linux-6.19, linux-6.18-stable, linux-6.17, "
     "linux-6.15, posted-wait-conversion, proposed, *"},
    {"lock rqspinlock linux-7.3 generic\n",
     "1:17: unknown revision 'linux-7.3'; known: linux-7.2, linux-7.0, linux-6.19, linux-6.18-stable, linux-6.17, "
     "linux-6.15, posted-wait-conversion, proposed"},
};

const BadText kNumberErrors[] = {
    {"lock rqspinlock linux-7.2 generic\nlocks many\n",
     "2:7: locks: 'many' is not a number; write a whole number from 1 to 40"},
    {"lock rqspinlock linux-7.2 generic\nlocks 41\n",
     "2:7: locks: '41' is out of range; write a whole number from 1 to 40"},
    {Head("cpu 8\n"), "3:5: CPU: '8' is out of range; write a whole number from 0 to 7"},
    {Head("cpu -1\n"), "3:5: CPU: '-1' is not a number; write a whole number from 0 to 7"},
    {Head("cpu 1\n"), "3:5: CPU 1 comes too early; CPUs are in order; the next is 0"},
    {Cpus("cpu 0\n"), "9:5: CPU 0 is already declared; give this one the number 2"},
    {Cpus("nmi 0 on cpu 2 at 1s\n"), "9:14: CPU: '2' is out of range; write a whole number from 0 to 1"},
    {Cpus("nmi 0 in cpu 2 work access 1\n"), "9:14: CPU: '2' is out of range; write a whole number from 0 to 1"},
    {Cpus("switch on cpu 0 at 1s to cpu 99999999999999999999\n"),
     "9:30: CPU: '99999999999999999999' is out of range; write a whole number from 0 to 1"},
    {Head("cpu 0\n acquire A retry 16\n"), "4:18: retries: '16' is out of range; write a whole number from 1 to 15"},
    {Cpus("nmi 0 in cpu 0 acquire A access 0\n"),
     "9:33: access: '0' is out of range; write a whole number from 1 to 60000"},
    {Cpus("nmi 0 in cpu 0 acquire A #x access 1\n"),
     "9:26: number of the operation: '#x' is not a number; write a whole number from 1 to 96"},
    {Head("cpu 0\n work fast\n"), std::string("4:7: 'fast' is not a duration") + kDuration},
    {Head("cpu 0\n work 1.5ms\n"), std::string("4:7: '1.5ms' is not a duration") + kDuration},
    {Head("cpu 0\n work 10\n"), std::string("4:7: the duration '10' has no unit") + kDuration},
    {Head("cpu 0\n work 10min\n"), std::string("4:7: unknown unit 'min'") + kDuration},
    {Head("cpu 0\n work\n"), std::string("4:6: a duration is missing") + kDuration},
    {Head("cpu 0\n work 10000000001ns\n"), "4:7: the duration '10000000001ns' is too long; write at most 10s"},
    {Head("cpu 0\n work 99999999999999999999s\n"),
     "4:7: the duration '99999999999999999999s' is too long; write at most 10s"},
};

const BadText kLockErrors[] = {
    {Head("cpu 0\n acquire C\n"),
     "4:10: lock C is not declared; the locks are A to B; raise the number on the 'locks' line for more"},
    {Head("cpu 0\n acquire L40\n"),
     "4:10: 'L40' is not the name of a lock; the locks are A to B; raise the number on the 'locks' line for more"},
    {Head("cpu 0\n release A\n"), "4:10: lock A is not held here; acquire it first, or remove this line"},
    {Head("cpu 0\n acquire A\n release A\n release A\n"),
     "6:10: lock A is not held here; acquire it first, or remove this line"},
    {Head("cpu 0\n acquire A\n acquire B\n release A\n"),
     "6:10: lock A is not the innermost lock held here; release B first"},
    {Head("cpu 0\n acquire A\n release A out-of-order\n"),
     "5:10: lock A is not the innermost lock but one held here; only two releases that follow each other can be "
     "exchanged"},
    {Head("cpu 0\n acquire A\n acquire B\n release B out-of-order\n"),
     "6:10: lock B is not the innermost lock but one held here; only two releases that follow each other can be "
     "exchanged"},
    {Head("cpu 0\n acquire A\n acquire A\n acquire B\n keep B\n release A out-of-order\n"),
     "8:10: lock A is released around one that is kept; write 'keep A'"},
    {Cpus("corruption on cpu 0 at 1us of lock C bit 0\n"),
     "9:36: lock C is not declared; the locks are A to B; raise the number on the 'locks' line for more"},
    {Head("cpu 0\n acquire A\ncpu 1\n release A\n"),
     "4:2: lock A is never released; add 'release A' at the end of its program"},
    {Cpus("nmi 0 on cpu 0 at 1s\n acquire B\n"),
     "10:2: lock B is never released; add 'release B' at the end of its program"},
};

const BadText kMomentErrors[] = {
    {Cpus("nmi 0 in cpu 0 acquire B access 1\n"), "9:16: no such operation in that program; name one of its lines"},
    {Cpus("nmi 0 in cpu 0 acquire A #2 access 1\n"),
     "9:16: no such operation in that program; it has only 1 of these"},
    {Cpus("nmi 0 in nmi 1 work access 1\n"),
     "9:14: nmi 1 is not declared before this line; an interrupt, a program or a task can only come in a CPU's "
     "program or in that of an earlier one of them"},
    {Cpus("switch in nmi 0 work access 1 to cpu 0\n"),
     "9:15: nmi 0 is not declared; add that interrupt, or correct the number"},
    {Cpus("nmi 0 on cpu 0 at 1s\n work 1s\nsteal in hardirq 0 work access 1 for 1s\n"),
     "11:18: interrupt 0 is of another kind; write 'nmi 0'"},
    {Cpus("nmi 1 on cpu 0 at 1s\n"),
     "9:5: interrupt 1 is out of order; interrupts, programs and tasks are numbered in the order of the file, "
     "whatever their kind; this is 0"},
    {Cpus("nmi 0 on cpu 0 at 1s\nhardirq 1 on cpu 0 at 1000ms\n"),
     std::string("10:1: two interrupts at one moment") + kMoment},
    {Cpus("nmi 0 in cpu 0 acquire A access 1 every 10us for 1ms\n"),
     "9:35: only an interrupt at a time can repeat; write 'on cpu 0 at 1ms every 10us for 100us'"},
    {Cpus("nmi 0 on cpu 0 at 1ms every 999ns for 1us\n"), "9:29: the interrupt repeats too fast; write at least 1us"},
    {Cpus("nmi 0 on cpu 0 at 1ms every 10us for 9us\n"),
     "9:38: the interrupt repeats too often or not at all; write 10us to 1ms"},
    {Cpus("nmi 0 on cpu 0 at 1ms every 10us for 1001us\n"),
     "9:38: the interrupt repeats too often or not at all; write 10us to 1ms"},
    {Head("cpu 0\n acquire A\n acquire B\n keep B\n release A\n"),
     "7:10: lock A is released around one that is kept; write 'keep A'"},
    {Cpus("nmi 0 on cpu 0 at 1ms\n acquire A\n keep A\n"),
     "11:7: an interrupt, a program or a task cannot keep a lock; write 'release A'"},
    {Cpus("task 0 on cpu 0 at 1ms\n acquire A\n keep A\n"),
     "11:7: an interrupt, a program or a task cannot keep a lock; write 'release A'"},
    {Cpus("corruption on cpu 0 at 1us of lock A bit 32\n"),
     "9:42: bit: '32' is out of range; write a whole number from 0 to 31"},
    {Cpus("corruption on cpu 0 at 1us of cpu 1 node 0 next bit 2\n"),
     "9:53: bit: '2' is out of range; write a whole number from 3 to 63"},
    {Cpus("corruption on cpu 0 at 1us of cpu 1 node 4 next bit 3\n"),
     "9:42: node: '4' is out of range; write a whole number from 0 to 3"},
    {Cpus("clock skew cpu 1 2ms\n"), "9:18: the clock's setting is out of range; write 1ns to 1ms"},
    {Cpus("clock granularity 0ns\n"), "9:19: the clock's setting is out of range; write 1ns to 10ms"},
    {Cpus("clock granularity 4ms\nclock granularity 1ms\n"),
     "10:1: this is already set; remove one of the two lines"},
    {Cpus("schedule fair seed 1\n"), "9:10: unknown word 'fair'; known here: uniform, pct, pos, surw"},
    {Cpus("schedule pct seed 1\n"), "9:14: unknown word 'seed'; known here: depth"},
    {Cpus("schedule pct depth 9 seed 1\n"), "9:20: depth: '9' is out of range; write a whole number from 1 to 8"},
    {Cpus("schedule pos seed 1\nschedule pos seed 2\n"), "10:1: this is already set; remove one of the two lines"},
    {Cpus("slow cpu 0 by 1\n"), "9:15: times: '1' is out of range; write a whole number from 2 to 64"},
    {Cpus("program 0 in cpu 0 acquire A access 1\n"),
     "9:11: this revision runs programs at tracepoints only; write 'at contention-begin' or 'at contention-end'"},
    {Cpus("program 0 on cpu 0 at 1ms\n"), "9:11: unknown word 'on'; did you mean 'in'?"},
    {Cpus("program 0 at begin\n"), "9:14: unknown word 'begin'; known here: contention-begin, contention-end"},
    {"lock rqspinlock linux-6.15 generic\nlocks 1\ncpu 0\n work 1s\nprogram 0 in cpu 0 work access 1\n",
     "5:20: a program can only be attached to a step of the lock; name an acquire or a release"},
};

const BadText kTooMany[] = {
    {Head("cpu 0\n" + Repeated(" work 1s\n", 97)), "100:2: too many operations in this program; at most 96"},
    {Cpus(Numbered("nmi ", " on cpu 0 at ", 17)), "25:1: too many interrupts, programs and tasks; at most 16"},
    {Cpus("program 0 at contention-end\nprogram 1 at contention-end\nprogram 2 at contention-end\n"
          "program 3 at contention-end\nprogram 4 at contention-end\n"),
     "13:1: too many programs; at most 4"},
    {Cpus(Numbered("task ", " on cpu 0 at ", 4)), "12:1: too many tasks; at most 3 besides the CPUs' own"},
    {Cpus(Switches(65)), "73:1: too many faults; at most 64"},
};

INSTANTIATE_TEST_SUITE_P(Files, TextErrorTest, testing::ValuesIn(kFiles));
INSTANTIATE_TEST_SUITE_P(Order, TextErrorTest, testing::ValuesIn(kOrderErrors));
INSTANTIATE_TEST_SUITE_P(Words, TextErrorTest, testing::ValuesIn(kWordErrors));
INSTANTIATE_TEST_SUITE_P(Numbers, TextErrorTest, testing::ValuesIn(kNumberErrors));
INSTANTIATE_TEST_SUITE_P(Locks, TextErrorTest, testing::ValuesIn(kLockErrors));
INSTANTIATE_TEST_SUITE_P(Moments, TextErrorTest, testing::ValuesIn(kMomentErrors));
INSTANTIATE_TEST_SUITE_P(TooMany, TextErrorTest, testing::ValuesIn(kTooMany));

// The names of locks and builds are the registry's, so they are not spelt out here.
TEST(TextLockErrorTest, ListsWhatIsKnown) {
  const absl::StatusOr<ScenarioFile> lock = ParseText("f.rqs", "lock spinlock linux-7.2 generic\n");
  EXPECT_TRUE(std::string(lock.status().message()).starts_with("f.rqs:1:6: unknown lock 'spinlock'; known: "));
  const absl::StatusOr<ScenarioFile> build = ParseText("f.rqs", "lock rqspinlock linux-7.2 arm\n");
  EXPECT_TRUE(std::string(build.status().message()).starts_with("f.rqs:1:27: unknown build 'arm'; known: generic"));
  const absl::StatusOr<ScenarioFile> missing = ParseText("f.rqs", "lock rqspinlock linux-7.2\n");
  EXPECT_TRUE(std::string(missing.status().message()).starts_with("f.rqs:1:26: the line ends too early; add a bu"));
}

TEST(TextLimitTest, AcceptsAFullFile) {
  EXPECT_TRUE(ParseText("f.rqs", Head("cpu 0\n" + Repeated(" work 1s\n", 96))).ok());
  EXPECT_TRUE(ParseText("f.rqs", Cpus(Switches(64))).ok());
  std::string text = Cpus("");
  text.resize(kTextMax_bytes, '\n');
  EXPECT_TRUE(ParseText("f.rqs", text).ok());
}

}  // namespace
}  // namespace rqfuzz
