#include "fuzz/engines/corpus_merge.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/engines/coverage_meter.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/seed_import.h"
#include "tests/random_inputs.h"

namespace rqfuzz {
namespace {

namespace fs = std::filesystem;

// Unit tests link locks whose code is not counted, so what is told apart here are states; tests/campaign_test.cc
// compares features with libFuzzer's.
class CorpusMergeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = ::testing::TempDir() + "corpus_merge_test_" + std::to_string(getpid()) + "_" + test->name();
    fs::remove_all(folder_);
    fs::create_directory(folder_);
    for (const char* name : {"a", "b"}) fs::create_directory(Path(name));
    for (unsigned i = 0; i < 120; ++i) {
      const Seed seed = SeedOf(RandomInput(i));
      std::ofstream(Path(i % 2 == 0 ? "a/" : "b/") + seed.name, std::ios::binary) << seed.content;
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  absl::StatusOr<MergedCorpus> Merge(const std::vector<std::string>& from, const std::string& into) const {
    std::vector<std::string> paths;
    for (const std::string& name : from) paths.push_back(Path(name));
    return MergeCorpora(paths, Path(into));
  }
  std::map<std::string, std::string> Files(const std::string& name) const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(Path(name))) {
      files[entry.path().filename().string()] = *ReadFile(entry.path().string());
    }
    return files;
  }
  static std::size_t StatesOf(const std::map<std::string, std::string>& files) {
    CoverageMeter meter;
    for (const auto& [name, content] : files) {
      meter.Add({.bytes = {reinterpret_cast<const std::uint8_t*>(content.data()), content.size()}});
    }
    return meter.states();
  }

  std::string folder_;
};

TEST_F(CorpusMergeTest, FewerInputsReachAsMuch) {
  auto all = Files("a");
  all.merge(Files("b"));
  const absl::StatusOr<MergedCorpus> merged = Merge({"a", "b"}, "c");
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->inputs, all.size());
  EXPECT_EQ(merged->before, 0u);
  const auto kept = Files("c");
  EXPECT_EQ(merged->added, kept.size());
  EXPECT_LT(kept.size(), all.size() / 2);
  for (const auto& [name, content] : kept) EXPECT_EQ(all[name], content);
  EXPECT_EQ(merged->states, StatesOf(all));
  EXPECT_EQ(StatesOf(kept), StatesOf(all));
}

TEST_F(CorpusMergeTest, TheSmallestIsKept) {
  auto all = Files("a");
  const auto smallest = std::min_element(all.begin(), all.end(), [](const auto& x, const auto& y) {
    return std::pair(x.second.size(), x.second) < std::pair(y.second.size(), y.second);
  });
  ASSERT_TRUE(Merge({"a"}, "c").ok());
  EXPECT_TRUE(Files("c").contains(smallest->first));
}

TEST_F(CorpusMergeTest, AMergeThatWasKilledGoesOnWithTheSameResult) {
  ASSERT_TRUE(Merge({"a", "b"}, "whole").ok());
  const auto whole = Files("whole");
  // Files come smallest first, so a killed merge leaves the smallest ones, and a temporary file.
  fs::copy(Path("whole"), Path("killed"));
  std::size_t largest = 0;
  for (const auto& [name, content] : whole) largest = std::max(largest, content.size());
  for (const auto& [name, content] : whole) {
    if (content.size() > largest / 3) fs::remove(Path("killed/" + name));
  }
  const std::size_t left = Files("killed").size();
  ASSERT_GT(left, 0u);
  ASSERT_LT(left, whole.size());
  const absl::StatusOr<MergedCorpus> merged = Merge({"a", "b"}, "killed");
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->before, left);
  EXPECT_EQ(merged->added, whole.size() - left);
  EXPECT_EQ(Files("killed"), whole);
}

TEST_F(CorpusMergeTest, WhatIsThereStaysAndCountsFirst) {
  ASSERT_TRUE(Merge({"a"}, "c").ok());
  const auto before = Files("c");
  const absl::StatusOr<MergedCorpus> again = Merge({"a"}, "c");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->added, 0u);
  EXPECT_EQ(Files("c"), before);
  EXPECT_EQ(Files("a").size() + Files("b").size(), 120u);
}

TEST_F(CorpusMergeTest, TextBecomesBinaryAndNotesAreLeftOut) {
  fs::create_directory(Path("text"));
  fs::copy(RQFUZZ_SOURCE_DIR "/corpus/seeds/stress-aa.rqs", Path("text"));
  std::ofstream(Path("text/README.md")) << "a note";
  std::ofstream(Path("text/empty"));
  const absl::StatusOr<MergedCorpus> merged = Merge({"text"}, "c");
  ASSERT_TRUE(merged.ok()) << merged.status();
  EXPECT_EQ(merged->inputs, 1u);
  EXPECT_EQ(Files("c").size(), 1u);
}

// An input that no encoder would write stands for other plays than the same scenario as it would.
TEST_F(CorpusMergeTest, BinaryFilesAreCopiedAsTheyAre) {
  fs::create_directory(Path("bytes"));
  const std::string bytes = "any bytes are a scenario";
  std::ofstream(Path("bytes/input")) << bytes;
  ASSERT_TRUE(Merge({"bytes"}, "c").ok());
  EXPECT_EQ(Files("c"), (std::map<std::string, std::string>{{CorpusFileName(bytes), bytes}}));
  ASSERT_TRUE(ImportSeeds(Path("bytes"), Path("a")).ok());
  EXPECT_TRUE(Files("a").contains(CorpusFileName(bytes)));
}

TEST_F(CorpusMergeTest, ErrorsComeBeforeAnythingIsWritten) {
  EXPECT_FALSE(Merge({"a", "missing"}, "c").ok());
  fs::create_directory(Path("empty"));
  EXPECT_FALSE(Merge({"empty"}, "c").ok());
  std::ofstream(Path("empty/bad.rqs")) << "lok";
  EXPECT_FALSE(Merge({"a", "empty"}, "c").ok());
  EXPECT_FALSE(fs::exists(Path("c")));
  EXPECT_FALSE(Merge({"a"}, "missing/c").ok());
}

}  // namespace
}  // namespace rqfuzz
