// OUT/campaign.json: what `rqfuzz campaign --resume OUT` has to know of the campaign that was started there.
#ifndef FUZZ_ENGINES_CAMPAIGN_RECORD_H_
#define FUZZ_ENGINES_CAMPAIGN_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "fuzz/engines/campaign.h"

namespace rqfuzz {

// The name of the campaign in the folder `out`: eight letters, drawn when it was first started there. Drawn anew if
// there is no record.
std::string CampaignName(const std::string& out);

absl::Status KeepRecord(const CampaignOptions& options, const std::string& name);

// The options of the campaign in `out`, with another seed. It is to run for `seconds`, or if that is not said for
// what is left of its time. Errors: no campaign was started there, or its time is over.
absl::StatusOr<CampaignOptions> OptionsOf(const std::string& out, std::optional<std::uint64_t> seconds);

}  // namespace rqfuzz

#endif  // FUZZ_ENGINES_CAMPAIGN_RECORD_H_
