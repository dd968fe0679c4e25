#include "fuzz/engines/campaign_record.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
#include "fuzz/engines/json_fields.h"
#include "fuzz/engines/progress_journal.h"

namespace rqfuzz {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kNameLetters = 8;

std::string RecordPath(const std::string& out) { return out + "/campaign.json"; }

std::string NewName() {
  std::random_device random;
  std::string name;
  for (std::size_t i = 0; i < kNameLetters; ++i) name += static_cast<char>('a' + random() % 26);
  return name;
}

bool IsName(std::string_view name) {
  return name.size() == kNameLetters &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// Empty if it is not there or cannot be read.
std::optional<CampaignRecord> ReadRecord(const std::string& out) {
  const absl::StatusOr<std::string> text = ReadFile(RecordPath(out));
  if (!text.ok()) return std::nullopt;
  return ParseCampaignRecord(*text);
}

// What the campaign had left when it was last seen.
std::uint64_t SecondsLeft(const std::string& out, std::uint64_t seconds) {
  const std::vector<ProgressState> states = ProgressJournal::In(out).Read();
  if (states.empty()) return seconds;
  const double left = std::round(states.back().seconds_total - states.back().seconds);
  return left < 1 ? 0 : static_cast<std::uint64_t>(left);
}

}  // namespace

std::string CampaignRecordText(const CampaignRecord& record) {
  const CampaignOptions& options = record.options;
  const Json json = {{"name", record.name},      {"lock", options.lock}, {"revision", options.revision},
                     {"engine", options.engine}, {"jobs", options.jobs}, {"seconds", options.seconds},
                     {"strict", options.strict}, {"with", options.with}};
  return json.dump(2) + "\n";
}

std::optional<CampaignRecord> ParseCampaignRecord(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  CampaignRecord record;
  CampaignOptions& options = record.options;
  const bool whole = json.is_object() && ReadField(json, "name", record.name) && IsName(record.name) &&
                     ReadField(json, "lock", options.lock) && ReadField(json, "revision", options.revision) &&
                     ReadField(json, "engine", options.engine) && ReadField(json, "jobs", options.jobs) &&
                     ReadField(json, "seconds", options.seconds) && ReadField(json, "strict", options.strict) &&
                     ReadField(json, "with", options.with);
  const auto* const engine = std::find(std::begin(kEngineChoices), std::end(kEngineChoices), options.engine);
  if (!whole || engine == std::end(kEngineChoices)) return std::nullopt;
  return record;
}

std::string CampaignName(const std::string& out) {
  const std::optional<CampaignRecord> record = ReadRecord(out);
  return record.has_value() ? record->name : NewName();
}

absl::Status KeepRecord(const CampaignOptions& options, const std::string& name) {
  return WriteFile(RecordPath(options.out), CampaignRecordText({name, options}));
}

absl::StatusOr<CampaignOptions> OptionsOf(const std::string& out, std::optional<std::uint64_t> seconds) {
  const std::optional<CampaignRecord> record = ReadRecord(out);
  if (!record.has_value()) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: no campaign was started with this folder as --out, so none can be resumed", RecordPath(out)));
  }
  CampaignOptions options = record->options;
  options.out = out;
  options.seconds = seconds.has_value() ? *seconds : SecondsLeft(out, options.seconds);
  if (options.seconds > 0) return options;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: the time of this campaign is over; give it more with --seconds N", out));
}

}  // namespace rqfuzz
