// OUT/campaign.json: what `rqfuzz campaign --resume OUT` has to know of the campaign that was started there.
#ifndef FUZZ_ENGINES_CAMPAIGN_RECORD_H_
#define FUZZ_ENGINES_CAMPAIGN_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fuzz/engines/campaign.h"

namespace rqfuzz {

struct CampaignRecord {
  std::string name;         // eight letters, drawn when the campaign was first started in its folder
  CampaignOptions options;  // lock, revision, engine, jobs, seconds, strict, with; the others have their defaults
};

std::string CampaignRecordText(const CampaignRecord& record);
// Empty if that is not the text of a record.
std::optional<CampaignRecord> ParseCampaignRecord(std::string_view text);

// The name of the campaign in the folder `out`. Drawn anew if there is no record.
std::string CampaignName(const std::string& out);

absl::Status KeepRecord(const CampaignOptions& options, const std::string& name);

// The options of the campaign in `out`, with another seed. It is to run for `seconds`, or if that is not said for
// what is left of its time. Errors: no campaign was started there, or its time is over.
absl::StatusOr<CampaignOptions> OptionsOf(const std::string& out, std::optional<std::uint64_t> seconds);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_RECORD_H_
