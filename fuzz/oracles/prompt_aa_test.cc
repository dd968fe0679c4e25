#include "fuzz/oracles/prompt_aa.h"

#include <gtest/gtest.h>

#include "fuzz/oracles/testing/judged.h"

namespace rqfuzz {
namespace {

// An NMI at an access of `operation` of a CPU that takes lock A and releases it; the NMI wants it too.
std::string NmiAt(std::string_view revision, std::string_view operation, int access) {
  return Judged(revision, absl::StrCat("locks 1\ncpu 0\nacquire A\nrelease A\nnmi 0 in cpu 0 ",
                                       std::string(operation), " access ", access, "\nacquire A\nrelease A\n"));
}

TEST(PromptAaTest, AnEntryThatComesAfterTheCasIsFound) {
  for (const std::string revision : {"linux-6.15", "linux-6.17"}) {
    EXPECT_EQ(NmiAt(revision, "acquire A", 3), "finding prompt-aa holder-acquiring-missed-as-pending") << revision;
    EXPECT_EQ(NmiAt(revision, "release A", 2), "finding prompt-aa holder-releasing-late-as-pending") << revision;
    EXPECT_EQ(NmiAt(revision, "acquire A", 2), "pass") << revision;  // before the CAS: nobody holds the lock
  }
}

TEST(PromptAaTest, AnEntryThatCoversTheWholeSectionPassesWhereverTheNmiComes) {
  for (int access = 1; access <= 8; ++access) {
    EXPECT_EQ(NmiAt("linux-7.2", "acquire A", access), "pass") << access;
  }
  EXPECT_EQ(NmiAt("linux-7.2", "release A", 1), "pass");
}

TEST(PromptAaTest, ADeadlockThatIsReportedLateIsFound) {
  constexpr std::string_view kText = R"(
    locks 1
    cpu 0
      acquire A
        acquire A
        release A
      release A
  )";
  for (const std::string revision : {"linux-6.15", "linux-6.17", "linux-6.18-stable"}) {
    EXPECT_EQ(Judged(revision, kText), "finding prompt-aa holder-in-section-late-as-pending");
  }
  EXPECT_EQ(Judged("linux-6.19", kText), "pass");
  EXPECT_EQ(Judged("linux-7.2", kText), "pass");
}

TEST(PromptAaTest, WhatAnotherCpuHoldsIsNoneOfItsBusiness) {
  constexpr std::string_view kText = "locks 1\ncpu 0\nacquire A\nwork 10ms\nrelease A\ncpu 1\nacquire A\nrelease A\n";
  EXPECT_EQ(Judged("linux-6.15", kText), "pass");
}

}  // namespace
}  // namespace rqfuzz
