#include "fuzz/engines/finding_store.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "fuzz/engines/file_io.h"
#include "fuzz/engines/finding_record.h"
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
    finding.campaign = "rqfuzz campaign --jobs 2";
    finding.seed = 7;
    finding.executions = 1234;
    finding.seconds = 0.5;
    finding.scenario.lock_type = &Type();
    return finding;
  }

  std::filesystem::path FolderOfExample() const {
    return std::filesystem::path(store().PathOf(Example())).parent_path();
  }
  std::string Read(const std::string& name) const { return *ReadFile(FolderOfExample() / name); }

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
  EXPECT_EQ(finding.campaign, "rqfuzz campaign --jobs 2");
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
  ASSERT_TRUE(store().Replace(minimized, "").ok());
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
  EXPECT_EQ(std::filesystem::path(store().PathOf(finding)).parent_path().parent_path(), folder_);
}

TEST_F(FindingStoreTest, AFindingIsAFolderThatExplainsItself) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  const std::string scenario = Read("finding.rqs");
  EXPECT_NE(scenario.find("# The NMI on CPU 0 waited 250 ms for lock A.\n"), std::string::npos) << scenario;
  EXPECT_NE(scenario.find("finding prompt-aa missed-by-table\n"), std::string::npos) << scenario;
  const std::string report = Read("report.txt");
  EXPECT_TRUE(report.starts_with("WARNING: prompt-aa missed-by-table in ")) << report;
  EXPECT_NE(report.find("Found by rqfuzz campaign --jobs 2: "), std::string::npos) << report;
  EXPECT_NE(report.find("seed 7, after 1234 executions"), std::string::npos) << report;
  EXPECT_NE(report.find("rqfuzz replay --trace finding.rqs"), std::string::npos) << report;
  EXPECT_NE(report.find("Not yet minimised"), std::string::npos) << report;
  const auto record = nlohmann::json::parse(Read("finding.json"));
  EXPECT_EQ(record["seed"], 7);
  EXPECT_EQ(record["campaign"], "rqfuzz campaign --jobs 2");
  EXPECT_EQ(record["replay"], "rqfuzz replay --trace finding.rqs");
}

TEST_F(FindingStoreTest, TheReportOfAMinimisedFindingHasTheExplanation) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  Finding minimized = Example();
  minimized.minimized = true;
  ASSERT_TRUE(store().Replace(minimized, "step 1\n").ok());
  const std::string report = Read("report.txt");
  EXPECT_TRUE(report.starts_with("step 1\n\nFound by ")) << report;
  EXPECT_EQ(report.find("Not yet minimised"), std::string::npos) << report;
}

// Wherever a kill strikes while a finding is kept, the folder that has no name yet holds some of its files.
TEST_F(FindingStoreTest, AFolderGetsItsNameIfItHasItsScenarioAndElseIsRemoved) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  const std::filesystem::path whole = FolderOfExample();
  const std::string temporary = folder_ + "/.rqfuzz-tmp-1-2";
  const std::vector<std::string> files = {"finding.rqs", "report.txt", "finding.json"};
  for (std::size_t written = 0; written <= files.size(); ++written) {
    std::filesystem::create_directory(temporary);
    for (std::size_t i = 0; i < written; ++i)
      std::filesystem::copy_file(whole / files[i], temporary + "/" + files[i]);
    std::ofstream(temporary + "/.rqfuzz-tmp-1-3") << "half a file";
    const std::filesystem::path aside = folder_ + "_aside";
    std::filesystem::rename(whole, aside);
    const auto mended = store().Open();
    ASSERT_TRUE(mended.ok()) << mended.status();
    EXPECT_FALSE(std::filesystem::exists(temporary));
    const auto findings = store().LoadAll();
    ASSERT_TRUE(findings.ok()) << findings.status();
    ASSERT_EQ(findings->size(), written == 0 ? 0u : 1u) << written;
    if (written > 0) EXPECT_EQ(findings->front().scenario, Example().scenario);
    EXPECT_EQ(mended->size(), written == 1 || written == 2 ? 1u : 0u) << written;
    std::filesystem::remove_all(whole);
    std::filesystem::rename(aside, whole);
  }
}

// Or, while it is replaced, any of its files may be the new one already, and one may stand beside them half written.
TEST_F(FindingStoreTest, AHalfReplacedFindingIsMinimisedAgain) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  const std::filesystem::path folder = FolderOfExample();
  Finding minimized = Example();
  minimized.minimized = true;
  std::ofstream(folder / "finding.rqs") << ScenarioTextOf(minimized);
  std::ofstream(folder / ".rqfuzz-tmp-1-2") << "half a report";
  const auto mended = store().Open();
  ASSERT_TRUE(mended.ok()) << mended.status();
  EXPECT_TRUE(mended->empty());
  EXPECT_FALSE(std::filesystem::exists(folder / ".rqfuzz-tmp-1-2"));
  ASSERT_EQ(store().LoadAll()->size(), 1u);
  EXPECT_FALSE(store().LoadAll()->front().minimized);
}

TEST_F(FindingStoreTest, WhatLostItsReportIsMinimisedAgain) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  Finding minimized = Example();
  minimized.minimized = true;
  ASSERT_TRUE(store().Replace(minimized, "step 1\n").ok());
  EXPECT_TRUE(store().LoadAll()->front().minimized);
  std::ofstream(FolderOfExample() / "report.txt") << "";
  EXPECT_FALSE(store().LoadAll()->front().minimized);
  std::filesystem::remove(FolderOfExample() / "report.txt");
  EXPECT_FALSE(store().LoadAll()->front().minimized);
}

TEST_F(FindingStoreTest, ALostRecordIsWrittenAnew) {
  for (const char* record : {"", "{", "[]", "{\"oracle\": \"fair\"}", "\xFF"}) {
    ASSERT_TRUE(store().Keep(Example()).ok());
    std::ofstream(FolderOfExample() / "finding.json") << record;
    EXPECT_FALSE(store().LoadAll().ok()) << record;
    const auto mended = store().Open();
    ASSERT_TRUE(mended.ok()) << mended.status();
    ASSERT_EQ(mended->size(), 1u);
    EXPECT_NE(mended->front().find("minimised again"), std::string::npos) << mended->front();
    const auto findings = store().LoadAll();
    ASSERT_TRUE(findings.ok()) << findings.status();
    ASSERT_EQ(findings->size(), 1u);
    EXPECT_EQ(findings->front().scenario, Example().scenario);
    EXPECT_FALSE(findings->front().minimized);
    std::filesystem::remove_all(FolderOfExample());
  }
}

TEST_F(FindingStoreTest, WhatIsNoFindingIsSetAsideAndDoesNotKeepOthersOut) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  std::ofstream(FolderOfExample() / "finding.rqs") << "lok";
  std::ofstream(FolderOfExample() / "finding.json") << "";
  const auto mended = store().Open();
  ASSERT_TRUE(mended.ok()) << mended.status();
  ASSERT_EQ(mended->size(), 1u);
  EXPECT_NE(mended->front().find(".damaged"), std::string::npos) << mended->front();
  EXPECT_TRUE(store().LoadAll()->empty());
  EXPECT_TRUE(*store().Keep(Example()));
  EXPECT_EQ(store().LoadAll()->size(), 1u);
}

TEST_F(FindingStoreTest, WhatAKilledProcessLeftIsRemoved) {
  std::ofstream(folder_ + "/.rqfuzz-tmp-1-2") << "half";
  ASSERT_TRUE(store().Open().ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

TEST_F(FindingStoreTest, AFolderWithoutParentIsAnError) {
  const absl::Status status = FindingStore(folder_ + "/missing/findings").Open().status();
  EXPECT_FALSE(status.ok());
  EXPECT_NE(std::string(status.message()).find("missing/findings"), std::string::npos);
}

TEST_F(FindingStoreTest, ExpectationsOfDiscoveriesAreKnown) {
  ASSERT_TRUE(store().Keep(Example()).ok());
  const auto known = KnownCauses::LoadFrom(FolderOfExample(), "corpus/discoveries");
  ASSERT_TRUE(known.ok()) << known.status();
  const KnownCause* cause = known->Find(Type(), "prompt-aa", "missed-by-table");
  ASSERT_NE(cause, nullptr);
  EXPECT_TRUE(cause->file.starts_with("corpus/discoveries/finding.rqs")) << cause->file;
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
