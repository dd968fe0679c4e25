// What no revision gets wrong: near misses of the catalogue of upstream bugs, which upstream_matrix_test.cc plays.

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"
#include "lock/revision.h"

namespace rqfuzz {
namespace {

struct Row {
  std::string_view name;
  std::string_view text;
};

constexpr Row kRows[] = {
    {"two CPUs, one lock", R"(
       locks 1
       cpu 0
         acquire A
         release A
       cpu 1
         acquire A bpf
         release A
     )"},
    {"a section longer than a pending waiter's limit", R"(
       locks 1
       cpu 0
         acquire A
           work 300ms
         release A
       cpu 1
         acquire A
         release A
     )"},
    {"abba", R"(
       locks 2
       cpu 0
         acquire A
           work 1us
           acquire B
           release B
         release A
       cpu 1
         acquire B
           work 1us
           acquire A
           release A
         release B
     )"},
};

TEST(EndToEndTest, EveryRevisionPasses) {
  for (const Row& row : kRows) {
    for (const locks::RevisionRow& revision : locks::kRevisions) {
      EXPECT_EQ(Judged(revision.name, row.text), "pass") << row.name << " on " << revision.name;
    }
  }
}

}  // namespace
}  // namespace rqfuzz
