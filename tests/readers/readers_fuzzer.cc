// A libFuzzer target for the code that reads files: the tool fuzzes itself. Each input goes through every reader, as
// whatever it may be: a scenario as text, a scenario in binary form, a campaign's record, a line of its journal, a
// finding, a finding's record. Beside what sanitizers see:
//  - what is read is written, and reads as the same again;
//  - what cannot be read is one line that begins with the file's name.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "fuzz/check.h"
#include "fuzz/engines/campaign_record.h"
#include "fuzz/engines/finding_record.h"
#include "fuzz/engines/progress_journal.h"
#include "fuzz/scenario/binary.h"
#include "fuzz/scenario/text.h"
#include "fuzz/scenario/validate.h"

namespace rqfuzz {
namespace {

constexpr std::string_view kName = "input";
constexpr std::string_view kRecordName = "record";
// What a record is about.
constexpr std::string_view kFinding =
    "expect linux-6.15 finding no-hang cause\n\nlock rqspinlock linux-6.15 generic\nlocks 1\n\ncpu 0\n  acquire A\n  "
    "release A\n";

void CheckMessage(const absl::Status& status, std::string_view name) {
  const std::string message(status.message());
  RQFUZZ_CHECK(message.starts_with(absl::StrCat(std::string(name), ":")));
  RQFUZZ_CHECK(message.find('\n') == std::string::npos);
}

void CheckBothForms(const Scenario& scenario) {
  RQFUZZ_CHECK(Validate(scenario).ok());
  Scenario decoded;
  Decode(Encode(scenario), decoded);
  RQFUZZ_CHECK(decoded == scenario);
}

void CheckText(const ScenarioFile& file) {
  const std::string text = PrintText(file);
  const absl::StatusOr<ScenarioFile> again = ParseText(kName, text);
  RQFUZZ_CHECK(again.ok());
  RQFUZZ_CHECK(*again == file);
}

void ReadText(std::string_view text) {
  const absl::StatusOr<ScenarioFile> file = ParseText(kName, text);
  if (!file.ok()) return CheckMessage(file.status(), kName);
  CheckBothForms(file->scenario);
  CheckText(*file);
}

void ReadBinary(std::span<const std::uint8_t> bytes) {
  ScenarioFile file;
  Decode(bytes, file.scenario);
  CheckBothForms(file.scenario);
  CheckText(file);
}

void ReadCampaignRecord(std::string_view text) {
  const std::optional<CampaignRecord> record = ParseCampaignRecord(text);
  if (!record.has_value()) return;
  const std::string written = CampaignRecordText(*record);
  const std::optional<CampaignRecord> again = ParseCampaignRecord(written);
  RQFUZZ_CHECK(again.has_value());
  RQFUZZ_CHECK(CampaignRecordText(*again) == written);
}

void ReadJournalLine(std::string_view line) {
  const std::optional<ProgressState> state = ParseJournalLine(line);
  if (!state.has_value()) return;
  const std::string written = JournalLine(*state);
  RQFUZZ_CHECK(written.find('\n') == std::string::npos);
  const std::optional<ProgressState> again = ParseJournalLine(written);
  RQFUZZ_CHECK(again.has_value());
  RQFUZZ_CHECK(JournalLine(*again) == written);
}

// What is written of a finding is read as the same finding.
void CheckFinding(const Finding& finding) {
  const std::string scenario = ScenarioTextOf(finding);
  const std::string record = RecordTextOf(finding);
  const absl::StatusOr<Finding> again = ParseFinding(kName, scenario, kRecordName, record);
  RQFUZZ_CHECK(again.ok());
  RQFUZZ_CHECK(ScenarioTextOf(*again) == scenario);
  RQFUZZ_CHECK(RecordTextOf(*again) == record);
  RQFUZZ_CHECK(!ReportTextOf(finding, "").empty());
}

void ReadFinding(std::string_view text) {
  const absl::StatusOr<Finding> finding = ParseFindingWithoutRecord(kName, text);
  if (!finding.ok()) return CheckMessage(finding.status(), kName);
  CheckFinding(*finding);
}

void ReadFindingRecord(std::string_view text) {
  const absl::StatusOr<Finding> finding = ParseFinding(kName, kFinding, kRecordName, text);
  if (!finding.ok()) return CheckMessage(finding.status(), kRecordName);
  CheckFinding(*finding);
}

}  // namespace
}  // namespace rqfuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  rqfuzz::ReadText(text);
  rqfuzz::ReadBinary({data, size});
  rqfuzz::ReadCampaignRecord(text);
  rqfuzz::ReadJournalLine(text);
  rqfuzz::ReadFinding(text);
  rqfuzz::ReadFindingRecord(text);
  return 0;
}
