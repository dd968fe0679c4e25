#include "fuzz/report/code_position.h"

#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/report/testing/executed.h"

namespace rqfuzz {
namespace {

std::string SourceLine(const CodePosition& position) {
  std::ifstream file(RQFUZZ_SOURCE_DIR "/" + position.file);
  std::string line;
  for (unsigned i = 0; i < position.line; ++i) std::getline(file, line);
  return line;
}

// What a step does stands in the line that it names.
TEST(CodePositionTest, StepsAreFoundInTheSource) {
  const Execution execution = ExecutedBug("lone-head");
  const CodePositions positions(execution.traced.records);
  unsigned relaxes = 0;
  for (const TraceRecord& record : execution.traced.records) {
    if (record.kind != TraceKind::kRelax) continue;
    const std::vector<CodePosition>& frames = positions.Of(record);
    ASSERT_FALSE(frames.empty());
    EXPECT_NE(SourceLine(frames.front()).find("cpu_relax"), std::string::npos)
        << frames.front().file << ":" << frames.front().line;
    for (const CodePosition& frame : frames) {
      EXPECT_EQ(frame.file.rfind("lock/", 0), 0u) << frame.file;
      EXPECT_EQ(frame.function.find_first_of("<(: "), std::string::npos) << frame.function;
    }
    ++relaxes;
  }
  EXPECT_GT(relaxes, 3u);
}

TEST(CodePositionTest, EventsHaveNone) {
  const CodePositions positions({});
  EXPECT_TRUE(positions.Of(TraceRecord{}).empty());
}

TEST(CodePositionTest, AFileIsNamedOnce) {
  EXPECT_EQ(CodePositionText({}), "");
  const std::vector<CodePosition> frames = {{.function = "wait_for_next", .file = "lock/queue_node.h", .line = 41},
                                            {.function = "leave_as_head", .file = "lock/rqspinlock.cc", .line = 177},
                                            {.function = "wait_as_head", .file = "lock/rqspinlock.cc", .line = 157}};
  EXPECT_EQ(CodePositionText(frames),
            "wait_for_next lock/queue_node.h:41 <- leave_as_head lock/rqspinlock.cc:177 <- wait_as_head :157");
}

}  // namespace
}  // namespace rqfuzz
