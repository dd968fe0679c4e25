#include "fuzz/engines/campaign_record.h"

#include <string>

#include <gtest/gtest.h>

#include "absl/strings/str_replace.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/finding_record.h"
#include "fuzz/engines/progress_journal.h"

namespace rqfuzz {
namespace {

std::string Seed(const std::string& name) {
  const absl::StatusOr<std::string> text = ReadFile(RQFUZZ_SOURCE_DIR "/tests/readers/seeds/" + name);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.ok() ? *text : "";
}

TEST(CampaignRecordTest, WhatIsWrittenIsRead) {
  CampaignRecord record;
  record.name = "abcdefgh";
  record.options.revision = "linux-6.17";
  record.options.engine = "both";
  record.options.jobs = 2;
  record.options.strict = true;
  record.options.with = "misuse";
  const std::optional<CampaignRecord> read = ParseCampaignRecord(CampaignRecordText(record));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name, "abcdefgh");
  EXPECT_EQ(read->options.revision, "linux-6.17");
  EXPECT_EQ(read->options.jobs, 2u);
  EXPECT_TRUE(read->options.strict);
  EXPECT_EQ(CampaignRecordText(*read), CampaignRecordText(record));
}

TEST(CampaignRecordTest, WhatIsNoRecordIsNotRead) {
  const std::string good = Seed("campaign.json");
  ASSERT_TRUE(ParseCampaignRecord(good).has_value());
  const auto with = [&good](const char* from, const char* to) {
    const std::string text = absl::StrReplaceAll(good, {{from, to}});
    EXPECT_NE(text, good);
    return text;
  };
  for (const std::string& bad :
       {std::string(), std::string("[]"), good.substr(0, good.size() / 2), with("\"name\"", "\"nam\""),
        with("abcdefgh", "../../a"), with("\"jobs\": 2", "\"jobs\": -1"), with("\"jobs\": 2", "\"jobs\": 4294967298"),
        with("\"jobs\": 2", "\"jobs\": 2.5"), with("both", "neither"), with("false", "0"), with("misuse", "\xff")}) {
    EXPECT_FALSE(ParseCampaignRecord(bad).has_value()) << bad;
  }
}

// Else the fuzzer of readers would begin far from what they take.
TEST(CampaignRecordTest, SeedsOfTheReadersFuzzerAreTaken) {
  EXPECT_TRUE(ParseJournalLine(Seed("progress.json")).has_value());
  const absl::StatusOr<Finding> finding =
      ParseFinding("f.rqs",
                   "expect linux-6.15 finding no-hang cause\nlock rqspinlock linux-6.15 generic\nlocks 1\ncpu 0\n"
                   "  acquire A\n  release A\n",
                   "finding.json", Seed("finding.json"));
  EXPECT_TRUE(finding.ok()) << finding.status();
}

}  // namespace
}  // namespace rqfuzz
