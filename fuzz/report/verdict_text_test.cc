#include "fuzz/report/verdict_text.h"

#include <gtest/gtest.h>

namespace rqfuzz {
namespace {

TEST(VerdictTextTest, IsOneLine) {
  EXPECT_EQ(VerdictText({}), "pass");
  EXPECT_EQ(VerdictText({.kind = VerdictKind::kFinding,
                         .oracle = "prompt-aa",
                         .cause = "missed",
                         .message = "CPU 0 waited.",
                         .event = 0}),
            "finding prompt-aa: CPU 0 waited.");
}

}  // namespace
}  // namespace rqfuzz
