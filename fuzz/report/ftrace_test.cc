#include "fuzz/report/ftrace.h"

#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

struct Line {
  std::string task;
  int pid = 0;
  int cpu = 0;
  std::string flags;
  double seconds = 0;
  std::string event;
  std::string rest;
};

// What a kernel's trace file has on each line, and Perfetto's reader asks of it: TASK-PID [CPU] FLAGS TIMESTAMP:
// EVENT: with at most five flags of letters, digits and dots.
std::vector<Line> LinesOf(const std::string& text) {
  static const std::regex kForm(R"(^ *(\S+)-(\d+) +\[(\d{3})\] ([a-zA-Z0-9.]{4}) +(\d+\.\d+): (\w+): (.*)$)");
  std::vector<Line> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with('#')) continue;
    std::smatch match;
    if (!std::regex_match(line, match, kForm)) {
      ADD_FAILURE() << "not a line of ftrace: " << line;
      continue;
    }
    lines.push_back({.task = match[1],
                     .pid = std::stoi(match[2]),
                     .cpu = std::stoi(match[3]),
                     .flags = match[4],
                     .seconds = std::stod(match[5]),
                     .event = match[6],
                     .rest = match[7]});
  }
  return lines;
}

// The first line whose text begins so.
Line LineWith(const std::string& text, const std::string& begin) {
  for (const Line& line : LinesOf(text)) {
    if (line.rest.starts_with(begin)) return line;
  }
  ADD_FAILURE() << "no line with " << begin;
  return {};
}

TEST(FtraceTest, HeadingCountsTheLinesAndCpus) {
  const std::string text = FtraceText(ExecutedBug("lone-head"));
  // By these Perfetto knows what it reads.
  EXPECT_TRUE(text.starts_with("# tracer: nop\n")) << text.substr(0, 200);
  const std::size_t count = LinesOf(text).size();
  EXPECT_NE(text.find("# entries-in-buffer/entries-written: " + std::to_string(count) + "/" + std::to_string(count) +
                      "   #P:3\n"),
            std::string::npos)
      << text.substr(0, 200);
}

TEST(FtraceTest, FlagsStandUnderTheirHeading) {
  std::istringstream stream(FtraceText(ExecutedBug("aa-missed-after-cas")));
  std::size_t column = std::string::npos;
  for (std::string line; std::getline(stream, line);) {
    if (line.find("||||") != std::string::npos) column = line.find("||||");
    if (line.starts_with('#')) continue;
    ASSERT_NE(column, std::string::npos);
    EXPECT_EQ(line.substr(column - 1, 1) + line.substr(column + 4, 1), "  ") << line;
    EXPECT_EQ(line.find_first_of(" ", column), column + 4) << line;
  }
}

TEST(FtraceTest, TimeDoesNotGoBackAndEachCpuIsATask) {
  double last = 0;
  for (const Line& line : LinesOf(FtraceText(ExecutedBug("bystanders-punished")))) {
    EXPECT_GE(line.seconds, last);
    last = line.seconds;
    EXPECT_EQ(line.task, "cpu" + std::to_string(line.cpu));
    EXPECT_EQ(line.pid, 1000 + line.cpu);
  }
  EXPECT_GT(last, 0.001);  // the deadlock is seen after a millisecond
}

TEST(FtraceTest, SlicesOfATaskAreClosedInTurn) {
  std::map<int, int> open;
  for (const Line& line : LinesOf(FtraceText(ExecutedBug("aa-missed-after-cas")))) {
    if (line.event != "tracing_mark_write") continue;
    const std::string pid = std::to_string(line.pid);
    EXPECT_EQ(line.rest.substr(1, 1 + pid.size()), "|" + pid) << line.rest;
    if (line.rest.starts_with("B|")) ++open[line.pid];
    if (line.rest.starts_with("E|")) --open[line.pid];
    EXPECT_GE(open[line.pid], 0) << line.rest;
  }
  EXPECT_EQ(open[1000], 0);
  EXPECT_EQ(open.size(), 1u);
}

TEST(FtraceTest, FlagsSayWhatTheCpuIsIn) {
  const std::string nmi = FtraceText(ExecutedBug("aa-missed-after-cas"));
  EXPECT_EQ(LineWith(nmi, "B|1000|acquire A").flags, "....");
  EXPECT_EQ(LineWith(nmi, "I|1000|read-modify-write lock A").flags, "...1");  // the lock keeps preemption off
  EXPECT_EQ(LineWith(nmi, "B|1000|nmi begins").flags.substr(0, 3), "d.z");
  EXPECT_EQ(LineWith(nmi, "I|1000|store cpu 0 table slot 0").flags, "d.z2");
  EXPECT_EQ(LineWith(FtraceText(ExecutedBug("preempt-before-irq")), "I|1000|local_irq_restore").flags, "dN..");
}

TEST(FtraceTest, ContextsHaveTheLettersOfTheKernel) {
  const std::string text = FtraceText(Executed("linux-7.2", R"(locks 1

cpu 0
  work 10us

softirq 0 on cpu 0 at 1us
  work 3us

hardirq 1 on cpu 0 at 2us
  work 2us

nmi 2 on cpu 0 at 3us
  acquire A
  release A
)"));
  EXPECT_EQ(LineWith(text, "B|1000|softirq begins").flags.substr(0, 3), "..s");
  EXPECT_EQ(LineWith(text, "B|1000|hardirq begins").flags.substr(0, 3), "d.H");
  EXPECT_EQ(LineWith(text, "B|1000|nmi begins").flags.substr(0, 3), "d.Z");
}

TEST(FtraceTest, ContentionIsSaidAsTheKernelSaysIt) {
  const std::string text = FtraceText(ExecutedBug("bystanders-punished"));
  std::map<std::string, std::string> first;
  for (const Line& line : LinesOf(text)) first.try_emplace(line.event, line.rest);
  EXPECT_TRUE(std::regex_match(first["contention_begin"], std::regex("0x[0-9a-f]+ \\(flags=SPIN\\)")));
  EXPECT_TRUE(std::regex_match(first["contention_end"], std::regex("0x[0-9a-f]+ \\(ret=-35\\)")))
      << first["contention_end"];
}

}  // namespace
}  // namespace rqfuzz
