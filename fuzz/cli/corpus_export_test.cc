#include "fuzz/cli/corpus_export.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <zip.h>

#include "fuzz/engines/file_io.h"
#include "fuzz/engines/scenario_io.h"
#include "fuzz/scenario/binary.h"

namespace rqfuzz {
namespace {

constexpr char kSeeds[] = RQFUZZ_SOURCE_DIR "/corpus/seeds";

class CorpusExportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "corpus_export_test_" + std::to_string(getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(CorpusExportTest, TheZipHoldsEveryScenarioInBinaryForm) {
  const std::string zip = folder_ + "/seeds.zip";
  const auto count = ExportCorpus(kSeeds, zip);
  ASSERT_TRUE(count.ok()) << count.status();
  const auto paths = ScenarioFilesBelow(kSeeds);
  EXPECT_EQ(*count, paths->size());
  std::vector<Scenario> expected;
  for (const std::string& path : *paths) expected.push_back(ReadScenarioFile(path)->scenario);
  zip_t* archive = zip_open(zip.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, nullptr);
  ASSERT_NE(archive, nullptr);
  ASSERT_EQ(zip_get_num_entries(archive, 0), static_cast<zip_int64_t>(*count));
  for (zip_uint64_t i = 0; i < *count; ++i) {
    std::vector<std::uint8_t> bytes(kFileBytesMax);
    zip_file_t* entry = zip_fopen_index(archive, i, 0);
    ASSERT_NE(entry, nullptr);
    const zip_int64_t size = zip_fread(entry, bytes.data(), bytes.size());
    zip_fclose(entry);
    ASSERT_GT(size, 0);
    Scenario scenario;
    Decode(std::span(bytes).first(static_cast<std::size_t>(size)), scenario);
    EXPECT_NE(std::find(expected.begin(), expected.end(), scenario), expected.end()) << zip_get_name(archive, i, 0);
  }
  zip_discard(archive);
}

TEST_F(CorpusExportTest, TheSameScenariosGiveTheSameBytes) {
  std::filesystem::copy(kSeeds, folder_ + "/a", std::filesystem::copy_options::recursive);
  std::filesystem::copy(folder_ + "/a/stress-aa.rqs", folder_ + "/a/the-same-again.rqs");
  std::ofstream(folder_ + "/a/README.md") << "a note";
  ASSERT_TRUE(ExportCorpus(kSeeds, folder_ + "/1.zip").ok());
  ASSERT_TRUE(ExportCorpus(folder_ + "/a", folder_ + "/2.zip").ok());
  EXPECT_EQ(*ReadFile(folder_ + "/1.zip"), *ReadFile(folder_ + "/2.zip"));
}

TEST_F(CorpusExportTest, ErrorsLeaveTheFileAlone) {
  const std::string zip = folder_ + "/seeds.zip";
  std::ofstream(zip) << "old";
  EXPECT_FALSE(ExportCorpus(folder_ + "/missing", zip).ok());
  std::filesystem::create_directory(folder_ + "/empty");
  EXPECT_FALSE(ExportCorpus(folder_ + "/empty", zip).ok());
  std::ofstream(folder_ + "/empty/bad.rqs") << "lok";
  EXPECT_FALSE(ExportCorpus(folder_ + "/empty", zip).ok());
  EXPECT_EQ(*ReadFile(zip), "old");
  EXPECT_FALSE(ExportCorpus(kSeeds, folder_ + "/missing/seeds.zip").ok());
}

}  // namespace
}  // namespace rqfuzz
