#include "fuzz/engines/campaign_record.h"

#include <cmath>
#include <random>
#include <vector>

#include <nlohmann/json.hpp>

#include "absl/strings/str_format.h"
#include "fuzz/engines/file_io.h"
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

// Discarded if it is not there or cannot be read.
Json ReadRecord(const std::string& out) {
  const absl::StatusOr<std::string> text = ReadFile(RecordPath(out));
  return text.ok() ? Json::parse(*text, nullptr, /*allow_exceptions=*/false) : Json(Json::value_t::discarded);
}

// What the campaign had left when it was last seen.
std::uint64_t SecondsLeft(const std::string& out, std::uint64_t seconds) {
  const std::vector<ProgressState> states = ProgressJournal::In(out).Read();
  if (states.empty()) return seconds;
  const double left = std::round(states.back().seconds_total - states.back().seconds);
  return left < 1 ? 0 : static_cast<std::uint64_t>(left);
}

}  // namespace

std::string CampaignName(const std::string& out) {
  const Json record = ReadRecord(out);
  if (!record.is_object() || !record.contains("name") || !record["name"].is_string()) return NewName();
  return record["name"];
}

absl::Status KeepRecord(const CampaignOptions& options, const std::string& name) {
  const Json record = {{"name", name},
                       {"lock", options.lock},
                       {"revision", options.revision},
                       {"engine", options.engine},
                       {"jobs", options.jobs},
                       {"seconds", options.seconds},
                       {"strict", options.strict},
                       {"with", options.with}};
  return WriteFile(RecordPath(options.out), record.dump(2) + "\n");
}

absl::StatusOr<CampaignOptions> OptionsOf(const std::string& out, std::optional<std::uint64_t> seconds) {
  const Json record = ReadRecord(out);
  CampaignOptions options;
  options.out = out;
  try {
    record.at("lock").get_to(options.lock);
    record.at("revision").get_to(options.revision);
    record.at("engine").get_to(options.engine);
    record.at("jobs").get_to(options.jobs);
    record.at("seconds").get_to(options.seconds);
    record.at("strict").get_to(options.strict);
    record.at("with").get_to(options.with);
  } catch (const Json::exception&) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "%s: no campaign was started with this folder as --out, so none can be resumed", RecordPath(out)));
  }
  options.seconds = seconds.has_value() ? *seconds : SecondsLeft(out, options.seconds);
  if (options.seconds > 0) return options;
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: the time of this campaign is over; give it more with --seconds N", out));
}

}  // namespace rqfuzz
