#include "fuzz/report/trace_text.h"

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

TraceLine Access(std::uint64_t step, std::uint8_t cpu, std::uint8_t depth, std::string context) {
  return {.step = step,
          .time_ns = step * 1000,
          .cpu = cpu,
          .depth = depth,
          .context = std::move(context),
          .action = "store",
          .location = "lock A",
          .old_value = "0,0,0",
          .new_value = "0,0,1",
          .is_access = true};
}

TEST(TraceTextTest, EachCpuHasAColumn) {
  const TraceLine lines[] = {Access(1, 0, 0, "task"), Access(2, 1, 1, "nmi")};
  EXPECT_EQ(TraceText(lines),
            "    step          time ns | CPU 0                               | CPU 1\n"
            "       1            1,000 | task    store lock A 0,0,0 -> 0,0,1 |\n"
            "       2            2,000 |                                     "
            "|   nmi     store lock A 0,0,0 -> 0,0,1\n");
}

TEST(TraceTextTest, ManyCpusShareAColumn) {
  std::vector<TraceLine> lines;
  for (std::uint8_t cpu = 0; cpu < 6; ++cpu) lines.push_back(Access(cpu, cpu, 0, "task"));
  const std::string text = TraceText(lines);
  EXPECT_TRUE(text.starts_with("    step          time ns  CPU\n")) << text;
  EXPECT_TRUE(text.ends_with("       5            5,000    5 | task    store lock A 0,0,0 -> 0,0,1\n")) << text;
}

TEST(TraceTextTest, AValueThatStaysIsSaidOnce) {
  TraceLine line = Access(1, 0, 0, "task");
  line.action = "load";
  line.new_value = line.old_value;
  const std::string text = TraceText({&line, 1});
  EXPECT_TRUE(text.ends_with("task    load lock A = 0,0,0\n")) << text;
}

}  // namespace
}  // namespace rqfuzz
