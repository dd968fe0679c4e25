#include "fuzz/engines/finding_store.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "fuzz/engines/file_io.h"
#include "fuzz/engines/known_causes.h"
#include "fuzz/scenario/text.h"

namespace rqfuzz {
namespace {

class FindingStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "finding_store_test_" + std::to_string(getpid());
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(store().Open().ok());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  FindingStore store() const { return FindingStore(folder_); }

  static const locks::LockType& Type() { return locks::AllLockTypes().front(); }

  static Finding Example() {
    Finding finding;
    finding.oracle = "prompt-aa";
    finding.cause = "missed-by-table";
    finding.message = "The NMI on CPU 0 waited 250 ms\nfor lock A.";
    finding.seed = 7;
    finding.executions = 1234;
    finding.seconds = 0.5;
    finding.scenario.lock_type = &Type();
    return finding;
  }

  std::string folder_;
};

TEST_F(FindingStoreTest, WhatIsKeptIsLoaded) {
  EXPECT_TRUE(*store().Keep(Example()));
  const auto findings = store().Load(Type());
  ASSERT_TRUE(findings.ok()) << findings.status();
  ASSERT_EQ(findings->size(), 1u);
  const Finding& finding = findings->front();
  EXPECT_EQ(finding.oracle, "prompt-aa");
  EXPECT_EQ(finding.cause, "missed-by-table");
  EXPECT_EQ(finding.message, "The NMI on CPU 0 waited 250 ms for lock A.");
  EXPECT_EQ(finding.seed, 7u);
  EXPECT_EQ(finding.executions, 1234u);
  EXPECT_EQ(finding.seconds, 0.5);
  EXPECT_FALSE(finding.minimized);
  EXPECT_EQ(finding.scenario, Example().scenario);
}

TEST_F(FindingStoreTest, TheFirstOfTheSameCauseWins) {
  Finding second = Example();
  second.executions = 9999;
  EXPECT_TRUE(*store().Keep(Example()));
  EXPECT_FALSE(*store().Keep(second));
  EXPECT_EQ(store().Load(Type())->front().executions, 1234u);
}

TEST_F(FindingStoreTest, ReplacesByTheMinimisedOne) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  Finding minimized = Example();
  minimized.minimized = true;
  ASSERT_TRUE(store().Replace(minimized).ok());
  const auto findings = store().Load(Type());
  ASSERT_EQ(findings->size(), 1u);
  EXPECT_TRUE(findings->front().minimized);
}

TEST_F(FindingStoreTest, RevisionsDoNotMix) {
  const locks::LockType* other = nullptr;
  for (const locks::LockType& type : locks::AllLockTypes()) {
    if (type.revision != Type().revision) other = &type;
  }
  ASSERT_NE(other, nullptr);
  ASSERT_TRUE(store().Keep(Example()).ok());
  EXPECT_TRUE(store().Load(*other)->empty());
  Finding same_cause = Example();
  same_cause.scenario.lock_type = other;
  EXPECT_TRUE(*store().Keep(same_cause));
  EXPECT_EQ(store().Load(*other)->size(), 1u);
}

TEST_F(FindingStoreTest, NamesOfFilesStayInTheFolder) {
  Finding finding = Example();
  finding.cause = "../up/a b";
  EXPECT_EQ(store().PathOf(finding).find('/', folder_.size() + 1), std::string::npos);
}

TEST_F(FindingStoreTest, WhatAKilledProcessLeftIsRemoved) {
  std::ofstream(folder_ + "/.rqfuzz-tmp-1-2") << "half";
  ASSERT_TRUE(store().Open().ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(FindingStoreTest, AFolderWithoutParentIsAnError) {
  const absl::Status status = FindingStore(folder_ + "/missing/findings").Open();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find("missing/findings"), std::string::npos);
}

TEST_F(FindingStoreTest, ExpectationsOfDiscoveriesAreKnown) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  const auto known = KnownCauses::LoadFrom(folder_, "corpus/discoveries");
  ASSERT_TRUE(known.ok()) << known.status();
  const KnownCause* cause = known->Find(Type(), "prompt-aa", "missed-by-table");
  ASSERT_NE(cause, nullptr);
  EXPECT_TRUE(cause->file.starts_with("corpus/discoveries/prompt-aa-")) << cause->file;
  EXPECT_EQ(known->Find(Type(), "prompt-aa", "another"), nullptr);
  EXPECT_EQ(known->Find(Type(), "fair", "missed-by-table"), nullptr);
}

TEST_F(FindingStoreTest, WithoutDiscoveriesNothingIsKnown) {
  const auto known = KnownCauses::LoadFrom(folder_ + "/missing", "corpus/discoveries");
  ASSERT_TRUE(known.ok());
  EXPECT_TRUE(known->all().empty());
}

}  // namespace
}  // namespace rqfuzz
